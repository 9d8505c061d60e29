"""README's guide by a client that openapi-python-client made from the document, as a stranger would write it."""

import sys

from muster_client import AuthenticatedClient, Client
from muster_client.api.app_codes_and_coupons import enter_code, list_coupons
from muster_client.api.app_groups import join_group, list_groups
from muster_client.api.app_sign_in import send_sign_in_code, sign_in
from muster_client.api.office_members import put_member
from muster_client.api.tills import validate
from muster_client.models import (
    AppGroupsJson,
    CodeUseJson,
    ConsentValues,
    CouponsJson,
    JoinedGroupJson,
    MemberValues,
    NewCodeUse,
    NewSignIn,
    NewSignInCode,
    NewValidation,
    OfficeMemberJson,
    ShownCodeJson,
    SignInCodeJson,
    TokensJson,
    ValidationJson,
)


def ask(words: str) -> str:
    """What only the test knows: it reads the Outbox."""
    print(words, flush=True)
    return sys.stdin.readline().strip()


def main(base: str, office_key: str, till_key: str) -> None:
    anyone = Client(base_url=base)
    office = AuthenticatedClient(base_url=base, token=office_key)
    till = AuthenticatedClient(base_url=base, token=till_key)

    member = put_member.sync(
        "ext:CRM-99",
        client=office,
        body=MemberValues(name="Gus Guide", phone="+49 151 70999999", consents=ConsentValues(sms=True)),
    )
    assert isinstance(member, OfficeMemberJson) and member.external_id == "CRM-99", member

    sent = send_sign_in_code.sync(client=anyone, body=NewSignInCode(contact="+49 151 70999999"))
    assert isinstance(sent, SignInCodeJson), sent
    tokens = sign_in.sync(client=anyone, body=NewSignIn(contact=sent.contact, code=ask("code?"), device="A test"))
    assert isinstance(tokens, TokensJson), tokens
    app = AuthenticatedClient(base_url=base, token=tokens.access_token)

    groups = list_groups.sync(client=app)
    assert isinstance(groups, AppGroupsJson), groups
    public = next(group for group in groups.groups if group.may == "toggle")
    private = next(group for group in groups.groups if group.may == "code")
    joined = join_group.sync_detailed(public.id, client=app)
    assert joined.status_code == 200, joined

    used = enter_code.sync(client=app, body=NewCodeUse(code="barista-24"), idempotency_key="guide-1")
    assert isinstance(used, CodeUseJson) and isinstance(used.group, JoinedGroupJson), used
    assert used.group.name == private.name, used

    coupons = list_coupons.sync(client=app)
    assert isinstance(coupons, CouponsJson) and coupons.coupons, coupons
    code = coupons.coupons[0].code
    assert isinstance(code, ShownCodeJson), coupons

    validated = validate.sync(client=till, body=NewValidation(code=code.text, till="Till 3"), idempotency_key="guide-2")
    assert isinstance(validated, ValidationJson), validated
    again = validate.sync(client=till, body=NewValidation(code=code.text, till="Till 3"), idempotency_key="guide-2")
    assert isinstance(again, ValidationJson) and again.id == validated.id, again
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
