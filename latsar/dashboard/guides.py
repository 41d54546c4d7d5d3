"""The short guide of each role: what to do, in order, with the page where it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role

Text = str | Promise


@dataclass(frozen=True)
class Step:
    title: Text
    text: Text
    url_name: str = ""


@dataclass(frozen=True)
class Guide:
    role: Role
    promise: Text
    steps: tuple[Step, ...]


GUIDES: tuple[Guide, ...] = (
    Guide(
        Role.ADMIN_SATKER,
        _("Mendaftarkan CPNS satker dan menjaga agar tidak ada yang melewati masa percobaan."),
        (
            Step(
                _("Tambah CPNS dengan NIP"),
                _("Ketik NIP dari SK; tanggal lahir, TMT, dan jenis kelamin terisi sendiri. Isian tersimpan otomatis sebagai draf."),
                "participant_add",
            ),
            Step(
                _("Atau impor dari Excel"),
                _("Unduh templat, isi, unggah. Semua kesalahan ditunjukkan sekaligus; unduh buku kerja perbaikan, perbaiki, unggah lagi."),
                "participant_import",
            ),
            Step(
                _("Lengkapi berkas"),
                _("SK CPNS dan SPMT dahulu. Foto dari telepon digabung menjadi satu PDF; satu ZIP untuk banyak orang."),
                "dossier_overview",
            ),
            Step(
                _("Ajukan ke provinsi"),
                _("Di daftar peserta, centang nama yang sudah benar lalu tekan Ajukan untuk verifikasi. Data terkunci sampai dijawab."),
                "participant_list",
            ),
            Step(
                _("Perbaiki yang dikembalikan"),
                _("Beranda menyebut siapa dan sebabnya; catatannya tepat di bawah isian yang dimaksud. Perbaiki, lalu ajukan lagi."),
                "home",
            ),
            Step(
                _("Undang peserta"),
                _("Dengan e-mail, atau slip cetak bagi yang e-mailnya tidak sampai. Keadaan tiap undangan terlihat di satu halaman."),
                "invitation_state",
            ),
            Step(
                _("Jaga datanya"),
                _("Mutu data menyebut yang kurang dan bertentangan; usulan kontak dan perubahan status menunggu jawaban Anda di beranda."),
                "quality",
            ),
            Step(_("Tetapkan mentor"), _("Mentor boleh dari satker lain. Satu mentor paling banyak lima peserta."), "mentor_list"),
        ),
    ),
    Guide(
        Role.ADMIN_PROVINSI,
        _("Memeriksa berkas satker, mengembalikan dengan catatan, dan menjaga mentor cukup."),
        (
            Step(
                _("Periksa antrean"),
                _(
                    "Yang paling lama menunggu terbuka lebih dahulu. Verifikasi, atau kembalikan dengan alasan yang bisa langsung dikerjakan satker."
                ),
                "verification_queue",
            ),
            Step(_("Lihat siapa yang mendesak"), _("Urutkan peserta menurut batas masa percobaan."), "participant_list"),
            Step(_("Tetapkan mentor se-provinsi"), _("Peserta yang belum punya mentor dikelompokkan menurut angkatan."), "mentor_list"),
        ),
    ),
    Guide(
        Role.PKSDM,
        _("Menyetujui, membuka angkatan, menempatkan orang pada kursi, dan menerbitkan surat keterangan."),
        (
            Step(
                _("Lihat peta"),
                _("Pilih ukuran di atas peta, lalu masuk ke provinsi dan satker. Setiap angka membuka daftar orangnya."),
                "national_dashboard",
            ),
            Step(
                _("Setujui yang sudah diverifikasi"),
                _("Satu per satu atau sekaligus; yang tidak bisa disetujui disebut sebabnya."),
                "verification_queue",
            ),
            Step(
                _("Buat angkatan"),
                _("Pilih lembaga, skema, dan tanggal mulai; fase tersusun sendiri di atas hari kerja dan hari libur."),
                "batch_list",
            ),
            Step(
                _("Tempatkan orang"),
                _(
                    "Rencana mengusulkan kursi dan menyebut sebab bagi yang tidak mendapat. Baru setelah Anda terapkan, orangnya ditempatkan."
                ),
                "planning",
            ),
            Step(
                _("Terbitkan surat keterangan"),
                _("Di halaman angkatan, setelah kelulusan dicatat. Kemajuannya dapat ditinggal dan dibuka lagi."),
                "certificate_list",
            ),
            Step(
                _("Pastikan kabar sampai"),
                _("E-mail yang gagal, ditahan, atau ditolak alamatnya terlihat di sini; kirim ulang atau betulkan alamatnya."),
                "outbox",
            ),
        ),
    ),
    Guide(
        Role.LEMBAGA,
        _("Melihat daftar peserta angkatan di lembaga Anda, mencatat kemajuan fase dan kelulusan."),
        (
            Step(_("Buka angkatan"), _("Daftar peserta dapat dicetak atau diunduh sebagai Excel."), "batch_list"),
            Step(
                _("Susun acara, lalu isi kehadiran"),
                _(
                    "Acara pertama disusun dari kurikulum. Kehadiran diisi dengan huruf, dari berkas, atau oleh peserta sendiri, lalu ditutup."
                ),
                "attendance_home",
            ),
            Step(
                _("Susun dan umumkan seminar"),
                _(
                    "Dari halaman angkatan: satu seminar per kelompok sekaligus, dengan pemeriksaan bentrok. Mengumumkan mengundang semuanya."
                ),
                "seminar_list",
            ),
            Step(
                _("Isi nilai, lalu minta orang kedua memeriksa"),
                _("Diketik per komponen atau dari Excel. Yang mengisi tidak memfinalkan; PKSDM mengumumkan."),
                "score_list",
            ),
            Step(
                _("Catat kelulusan dan STTP"),
                _("Kelulusan mengikuti nilai yang diumumkan; STTP dicatat satu per satu atau dari Excel."),
                "batch_list",
            ),
        ),
    ),
    Guide(
        Role.PESERTA,
        _("Menyusun rancangan aktualisasi dan mengajukannya sebelum batas."),
        (
            Step(
                _("Lapor hadir dan lihat jadwal"),
                _("Tombol Saya hadir muncul selama waktunya dibuka. Jadwal bisa masuk ke kalender telepon Anda."),
                "own_attendance",
            ),
            Step(
                _("Susun rancangan"),
                _("Isu, akar masalah, gagasan, kegiatan, dan jadwal; setiap isian tersimpan sendiri, juga saat sambungan putus."),
                "plan_home",
            ),
            Step(
                _("Ajukan kepada mentor"),
                _("Dokumennya dicetak dari isian Anda, atau PDF buatan sendiri. Bila dikembalikan, catatannya tampil per halaman."),
                "aktualisasi_home",
            ),
            Step(
                _("Jalankan habituasi"),
                _("Catat tahapan, unggah bukti dari telepon, kirim laporan mingguan, dan ajukan perubahan rencana."),
                "habituasi_home",
            ),
            Step(_("Susun laporan"), _("Terisi dari yang sudah dicatat; periksa, nyatakan keasliannya, lalu ajukan."), "laporan_home"),
            Step(
                _("Catat bimbingan"),
                _("Usulkan waktu kepada mentor atau coach, lalu beri paraf pada catatannya. Kartu bimbingan tersusun sendiri."),
                "guidance_sessions",
            ),
            Step(_("Unduh surat keterangan"), _("Muncul setelah Anda lulus dan PKSDM menerbitkannya."), "certificate_list"),
        ),
    ),
    Guide(
        Role.MENTOR,
        _("Membimbing paling banyak lima peserta dan meninjau rancangan serta laporan mereka."),
        (
            Step(
                _("Lihat yang menunggu Anda"),
                _("Setiap peserta menampilkan apa yang menunggu, sejak kapan, dan batasnya."),
                "mentoring_home",
            ),
            Step(
                _("Tinjau rancangan dan laporan"),
                _(
                    "Baca halamannya di layar, taruh catatan di titik yang dimaksud, lalu kembalikan atau setujui. Sesudah Anda, coach membacanya."
                ),
                "review_queue",
            ),
            Step(
                _("Sepakati dan catat sesi"),
                _(
                    "Usulkan waktunya atau catat yang sudah berlangsung. Sesi dihitung setelah Anda dan peserta memberi paraf pada catatan yang sama."
                ),
                "guidance_sessions",
            ),
            Step(
                _("Unduh kartu bimbingan"),
                _("Tersusun sendiri dari sesi yang sudah diparaf keduanya; tombolnya di halaman setiap peserta."),
                "mentoring_home",
            ),
        ),
    ),
    Guide(
        Role.COACH,
        _("Mendampingi dan meninjau rancangan serta laporan peserta di kelompok Anda."),
        (
            Step(_("Lihat kelompok"), _("Judul, keadaan rancangan atau laporan, dan catatan mentor setiap peserta."), "mentoring_home"),
            Step(
                _("Tinjau sesudah mentor"),
                _("Naskah yang disetujui mentor menunggu Anda, dengan batas jawabnya. Persetujuan Anda yang terakhir."),
                "review_queue",
            ),
            Step(
                _("Sepakati dan catat sesi"),
                _("Beberapa peserta sekaligus boleh; tiap orang mendapat barisnya sendiri di kartu bimbingan coach."),
                "guidance_sessions",
            ),
        ),
    ),
    Guide(
        Role.PENGUJI,
        _("Menilai seminar peserta yang ditugaskan kepada Anda."),
        (
            Step(
                _("Lihat jadwal menguji"),
                _("Undangan sampai lewat pemberitahuan dan e-mail; giliran hari ini ada di beranda."),
                "seminar_list",
            ),
            Step(
                _("Isi nilai di rubrik"),
                _(
                    "Pilih arti nilainya, lalu angka pastinya. Yang diketik tetap ada walau sambungan putus, dan dikirim sendiri saat tersambung."
                ),
                "seminar_list",
            ),
            Step(
                _("Kirim nilai"),
                _("Sesudah dikirim nilai tetap; membetulkan perlu alasan. Nilai penguji lain baru terlihat sesudah nilai Anda terkirim."),
                "seminar_list",
            ),
            Step(
                _("Catat hasil dan perbaikan"),
                _("Diterima, diterima dengan perbaikan, atau diulang. Berita acara terisi sendiri tanpa angka nilai."),
                "seminar_list",
            ),
        ),
    ),
    Guide(
        Role.PIMPINAN,
        _("Melihat keadaan nasional tanpa mengubah apa pun."),
        (
            Step(_("Buka dasbor"), _("Dari nasional ke provinsi, satker, lalu orang."), "national_dashboard"),
            Step(_("Minta laporan"), _("Rekap sebagai Excel, CSV, atau PDF."), "report_list"),
        ),
    ),
)
