"""The OpenAPI document: valid, whole, and true to what is served."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from common.asyncapi import document as document_of_the_socket
from common.errors import ERRORS
from control import VERSION
from control.app import tables
from control.examples import example_of
from control.openapi import document
from control.operations import Document, Operation
from tests.support.control import Control


@pytest.fixture
def operations(control: Control) -> list[Operation]:
    return [operation for group in tables(control.services) for operation in group.table]


async def test_the_document_is_valid(control: Control) -> None:
    said = (await control.http.get("/openapi.json")).json()
    assert said["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(said).iter_errors()) == []


async def test_a_body_has_no_field_that_is_not_said_here(control: Control) -> None:
    """Nor has anything in it. But for a webhook's: programs that were made for other products say more beside the text."""
    said = (await control.http.get("/openapi.json")).json()
    components = said["components"]["schemas"]

    def objects(schema: Any) -> Iterator[dict[str, Any]]:
        match schema:
            case {"$ref": str(reference)}:
                yield from objects(components[reference.rsplit("/", 1)[-1]])
            case {"type": "object"}:
                yield schema
                yield from objects(list(schema.get("properties", {}).values()))
            case dict():
                yield from objects(list(schema.values()))
            case list():
                for each in schema:
                    yield from objects(each)

    open_to_more = {
        operation["operationId"]
        for methods in said["paths"].values()
        for operation in methods.values()
        for each in objects(operation.get("requestBody", {}).get("content", {}))
        if each.get("additionalProperties") is not False
    }
    assert open_to_more == {"post_to_hook"}


async def test_every_operation_is_in_it(control: Control, operations: list[Operation]) -> None:
    said = (await control.http.get("/openapi.json")).json()
    listed = {(method.upper(), path) for path, methods in said["paths"].items() for method in methods}
    assert listed == {(operation.method, operation.path) for operation in operations}


async def test_every_reference_leads_somewhere(control: Control) -> None:
    answer = await control.http.get("/openapi.json")
    schemas = answer.json()["components"]["schemas"]
    references = set(re.findall(r'"\$ref":"#/components/schemas/([^"]+)"', answer.text))
    assert references
    assert references <= schemas.keys()


async def test_every_example_is_what_the_server_would_take(operations: list[Operation]) -> None:
    for operation in operations:
        for kind in (operation.body, operation.result):
            if kind is not None and kind is not Document:
                msgspec.convert(example_of(kind), kind)
        for kind in operation.path_parameters.values():
            msgspec.convert(example_of(kind), kind, strict=False)


async def test_every_error_is_listed_with_its_code(control: Control, operations: list[Operation]) -> None:
    paths = (await control.http.get("/openapi.json")).json()["paths"]
    for operation in operations:
        said: dict[str, Any] = paths[operation.path][operation.method.lower()]["responses"]
        for code in operation.codes:
            content = said[str(ERRORS[code].status)]["content"]["application/problem+json"]
            assert content["examples"][code]["value"]["code"] == code


async def test_every_operation_says_what_it_is(control: Control) -> None:
    said = (await control.http.get("/openapi.json")).json()
    tags = {tag["name"] for tag in said["tags"] if tag["description"]}
    described = [operation for methods in said["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in described]
    assert len(set(names)) == len(names)
    for operation in described:
        assert operation["summary"], operation["operationId"]
        assert set(operation["tags"]) <= tags, operation["operationId"]
        assert operation["security"] == [] or operation["security"] == [{"bearer": []}, {"cookie": []}]
    assert said["components"]["securitySchemes"].keys() == {"bearer", "cookie"}


def examples(said: Any, where: str = "#") -> Iterator[tuple[str, Any, Any]]:
    """Each place with a schema and an example of it: where, the schema, the example."""
    if isinstance(said, dict):
        if "schema" in said and "example" in said:
            yield where, said["schema"], said["example"]
        if "schema" in said:
            yield from ((where, said["schema"], each["value"]) for each in said.get("examples", {}).values())
        if "type" in said and isinstance(said.get("examples"), list):
            yield from ((where, said, example) for example in said["examples"])
    for name, inner in said.items() if isinstance(said, dict) else enumerate(said):
        if isinstance(inner, dict | list) and name not in {"example", "examples"}:
            yield from examples(inner, f"{where}/{name}")


async def test_no_two_schemas_have_one_name(control: Control) -> None:
    """Those would be called by their modules, which are nothing to who reads the document."""
    said = (await control.http.get("/openapi.json")).json()
    assert [name for name in said["components"]["schemas"] if not name.isidentifier()] == []


async def test_every_example_fits_its_schema(control: Control) -> None:
    """By the document alone, as those read it who have nothing else."""
    said = (await control.http.get("/openapi.json")).json()
    checked = 0
    for where, schema, example in examples(said):
        whole = {**schema, "components": said["components"]}
        faults = [fault.message for fault in Draft202012Validator(whole).iter_errors(example)]
        assert faults == [], f"{where}: {faults}"
        checked += 1
    assert checked > 1000


async def test_every_error_there_is_stands_in_one_list_with_what_to_do_next(control: Control) -> None:
    said = (await control.http.get("/openapi.json")).json()["x-errors"]
    assert [each["code"] for each in said] == list(ERRORS)
    page = await control.http.get("/docs/errors")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for each in said:
        assert all((each["en"], each["ko"], each["next"]["en"], each["next"]["ko"]))
        assert f'<article id="{each["code"]}">' in page.text
        assert html.escape(each["en"]) in page.text
        assert html.escape(each["ko"]) in page.text


async def test_what_a_problem_is_called_leads_to_its_place(control: Control) -> None:
    problem = (await control.http.get("/api/v1/me")).json()
    address, _, place = problem["type"].partition("#")
    assert f'id="{place}"' in (await control.http.get(address)).text


async def test_what_needs_a_token_says_so(control: Control, operations: list[Operation]) -> None:
    paths = (await control.http.get("/openapi.json")).json()["paths"]
    assert paths["/api/v1/me"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert paths["/api/v1/sessions"]["post"]["security"] == []
    assert paths["/api/v1/me"]["get"]["x-permission"] == "logged_in"


async def test_the_socket_is_documented_beside_it(control: Control) -> None:
    answer = await control.http.get("/asyncapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == document_of_the_socket(
        server=control.services.settings.public_url, version=VERSION
    )


@pytest.mark.parametrize(
    ("address", "document", "other"),
    [("/docs", "/openapi.json", "/docs/socket"), ("/docs/socket", "/asyncapi.json", "/docs")],
)
async def test_a_page_of_our_own_reads_it(control: Control, address: str, document: str, other: str) -> None:
    page = await control.http.get(address)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    linked = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert {document, other} <= set(linked)
    for link in linked:
        assert link.startswith("/"), link
        found = await control.http.get(link)
        assert found.status_code == 200
        for script in re.findall(r'from "\./([^"]+)"', found.text) if link.endswith(".js") else ():
            assert (
                (await control.http.get(f"/docs/{script}"))
                .headers["content-type"]
                .startswith("text/javascript")
            )


def test_an_example_of_a_kind_we_have_not_met() -> None:
    with pytest.raises(TypeError, match="no example"):
        example_of(bytearray)


async def test_the_document_stands_by_itself(operations: list[Operation], control: Control) -> None:
    groups = tables(control.services)
    assert document(groups, server="https://madang.example")["servers"] == [{"url": "https://madang.example"}]


async def test_the_bare_address_leads_to_the_page(control: Control) -> None:
    door = await control.http.get("/")
    assert (door.status_code, door.headers["location"]) == (303, "/docs")
