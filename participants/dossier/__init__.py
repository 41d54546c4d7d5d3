"""The dossier (berkas) of a CPNS: the documents an institute asks for, one file each, judged one by one."""
