def test_cast_builds(cast, sign_in):
    assert cast.admin_kupang.scope.satker_ids == {cast.kupang.pk}
    assert cast.pksdm.scope.nation
    assert sign_in(cast.stranger).get("/akun/peran/").status_code == 405
