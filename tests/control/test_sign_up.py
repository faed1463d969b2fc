from tests.support.control import Control


async def test_somebody_signs_up_logs_in_and_sees_their_account(control: Control) -> None:
    person = await control.sign_up(gender="female", interests=["하이킹", "김치"])
    client = await control.log_in(person)
    me = (await client.get("/api/v1/me")).json()
    assert me["email"] == person.email
    assert me["nickname"] == person.nickname
    assert me["roles"] == ["mentee"]
    assert "room.create" in me["permissions"]
    assert me["interests"] == ["하이킹", "김치"]
