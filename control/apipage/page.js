// Shows /openapi.json: groups, operations, schemas, errors. No library; nothing is ever parsed as HTML.
"use strict";

const WORDS = {
  en: {
    skip: "Skip to the content", search: "Search", nothing: "Nothing matches.", loading: "Reading the document…",
    failed: "The document could not be read.", parameters: "Parameters", body: "Request body", answer: "Answer",
    example: "Example", errors: "Errors", schemas: "Schemas", allErrors: "Every error code", required: "required",
    temporary: "temporary", noBody: "no body", document: "The document", closes: "Why a socket is closed",
    comeBack: "come back", copy: "Copy", copied: "Copied", name: "Name", type: "Type", about: "About", holds: "What it holds", code: "Code",
    status: "Status", public: "anybody", logged_in: "logged in", rate: (n, s) => `${n} in ${s} s`, curl: "With curl",
    where: { path: "path", query: "query" },
  },
  ko: {
    skip: "본문으로 건너뛰기", search: "검색", nothing: "찾는 것이 없습니다.", loading: "문서를 읽고 있습니다…",
    failed: "문서를 읽을 수 없습니다.", parameters: "매개변수", body: "요청 본문", answer: "응답",
    example: "예시", errors: "오류", schemas: "스키마", allErrors: "모든 오류 코드", required: "필수",
    temporary: "일시적", noBody: "본문 없음", document: "문서 원본", closes: "소켓이 닫히는 까닭",
    comeBack: "다시 연결", copy: "복사", copied: "복사됨", name: "이름", type: "형식", about: "설명", holds: "내용", code: "코드",
    status: "상태", public: "누구나", logged_in: "로그인 필요", rate: (n, s) => `${s}초에 ${n}번`, curl: "curl로",
    where: { path: "경로", query: "쿼리" },
  },
};

let language = navigator.language.startsWith("ko") ? "ko" : "en";
let api, enums;
const say = (word) => WORDS[language][word];
const find = (id) => document.getElementById(id);

/** An element: h("a.name", {href: "#x"}, "text", child, …); nulls are left out. */
function h(selector, attributes, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text in which `this` is code. */
const prose = (text) => (text ?? "").split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));
const paragraphs = (text) => (text ?? "").split("\n\n").filter(Boolean).map((part) => h("p", {}, prose(part)));
const nameOf = (reference) => reference.split("/").pop();
const link = (name) => h("a", { href: `#schema-${name}` }, name);
const json = (value) => JSON.stringify(value, null, 2);

/** What kind of value a schema asks for, as words and links. */
function kind(schema) {
  if (!schema) return [];
  if (schema.$ref) return [link(nameOf(schema.$ref))];
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.flatMap((each, i) => (i ? [" | ", ...kind(each)] : kind(each)));
  if (schema.enum) return [schema.enum.map((each) => JSON.stringify(each)).join(" | ")];
  if ("const" in schema) return [JSON.stringify(schema.const)];
  if (schema.type === "array") return ["[", ...kind(schema.items), "]", bounds(schema, "minItems", "maxItems")];
  if (schema.type === "object" && schema.additionalProperties)
    return ["{…: ", ...kind(schema.additionalProperties), "}"];
  const range = bounds(schema, "minLength", "maxLength") || bounds(schema, "minimum", "maximum");
  return [schema.type ?? "any", range];
}

function bounds(schema, low, high) {
  if (schema[low] === undefined && schema[high] === undefined) return "";
  return ` ${schema[low] ?? ""}…${schema[high] ?? ""}`;
}

function table(heads, rows) {
  const head = h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)));
  return h("div.wide", {}, h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

const needed = (yes) => (yes ? h("span.needed", {}, ` ${say("required")}`) : null);

function fieldRows(schema) {
  const must = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, field]) =>
    h("tr", {},
      h("td", {}, h("code", {}, name), needed(must.has(name))),
      h("td.type", {}, kind(field)),
      h("td", {}, prose(field.description), field.default === undefined ? null : h("span.type", {}, ` = ${JSON.stringify(field.default)}`))));
}

function fields(schema) {
  const named = schema.$ref ? api.components.schemas[nameOf(schema.$ref)] : schema;
  return named.properties ? table([say("name"), say("type"), say("about")], fieldRows(named)) : null;
}

function copyable(text) {
  const button = h("button", { type: "button", onclick: async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = say("copy"); }, 1500);
  } }, say("copy"));
  return h("div.copy", {}, h("pre", { tabindex: "0" }, h("code", {}, text)), button);
}

const fold = (label, ...children) => h("details", {}, h("summary", {}, label), ...children);

function curl(method, path, operation) {
  const example = operation.requestBody?.content["application/json"]?.example;
  const filled = (operation.parameters ?? []).filter((each) => each.in === "path")
    .reduce((url, each) => url.replace(`{${each.name}}`, each.example), path);
  const lines = [`curl -X ${method.toUpperCase()} ${location.origin}${filled}`];
  if (operation.security.length) lines.push('-H "authorization: Bearer $TOKEN"');
  if (example) lines.push("-H 'content-type: application/json'", `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n  ");
}

function operationOf(method, path, operation) {
  const body = operation.requestBody?.content["application/json"];
  const [status, success] = Object.entries(operation.responses).find(([each]) => each < "400");
  const content = success.content?.["application/json"];
  const permission = say(operation["x-permission"]) ?? operation["x-permission"];
  const rate = operation["x-rate"];
  return h("article", { id: `operation-${operation.operationId}`, "data-find": `${method} ${path} ${operation.summary} ${operation.description}`.toLowerCase() },
    h("h3", {}, operation.summary),
    h("div.route", {}, h(`span.method.${method}`, {}, method.toUpperCase()), h("code", {}, path),
      h("span.badge", {}, permission), rate ? h("span.badge", {}, say("rate")(rate.count, rate.per_seconds)) : null),
    paragraphs(operation.description),
    operation.parameters ? [h("h4", {}, say("parameters")), table([say("name"), say("type"), ""], operation.parameters.map((each) =>
      h("tr", {}, h("td", {}, h("code", {}, each.name), needed(each.required)), h("td.type", {}, kind(each.schema)),
        h("td", {}, say("where")[each.in], " ", prose(each.schema.description)))))] : null,
    body ? [h("h4", {}, say("body"), " ", kind(body.schema)), fields(body.schema), fold(say("example"), copyable(json(body.example)))] : null,
    h("h4", {}, `${say("answer")} ${status} `, content ? kind(content.schema) : h("span.type", {}, say("noBody"))),
    content ? fold(say("holds"), fields(content.schema), copyable(json(content.example))) : null,
    fold(say("curl"), copyable(curl(method, path, operation))),
    fold(say("errors"), table([say("code"), say("status"), ""], errorRows(operation))));
}

function errorRows(operation) {
  return Object.values(operation.responses).flatMap((each) =>
    Object.values(each.content?.["application/problem+json"]?.examples ?? {}).map(({ value }) =>
      h("tr", {}, h("td", {}, h("a", { href: `#error-${value.code}` }, h("code", {}, value.code))), h("td.type", {}, String(value.status)),
        h("td", {}, sentence(value.code) ?? value.title))));
}

const sentence = (code) => enums?.errors.find((each) => each.code === code)?.[language];

function schemaOf(name, schema) {
  return h("article", { id: `schema-${name}`, "data-find": `${name} ${schema.description ?? ""}`.toLowerCase() },
    h("h3", {}, h("code", {}, name)), paragraphs(schema.description),
    fields(schema) ?? h("p.type", {}, kind(schema)));
}

function references() {
  if (!enums) return [];
  return [
    h("h2", { id: "errors" }, say("allErrors")),
    table([say("code"), say("status"), say("about")], enums.errors.map((each) =>
      h("tr", { id: `error-${each.code}` }, h("td", {}, h("code", {}, each.code)), h("td.type", {}, String(each.status)),
        h("td", {}, each[language], each.temporary ? h("span.type", {}, ` · ${say("temporary")}`) : null)))),
    h("h2", { id: "closes" }, say("closes")),
    table([say("code"), say("name"), say("about")], enums.close_codes.map((each) =>
      h("tr", {}, h("td", {}, h("code", {}, String(each.code))), h("td", {}, h("code", {}, each.name)),
        h("td", {}, each[language], each.come_back ? h("span.type", {}, ` · ${say("comeBack")}`) : null)))),
  ];
}

/** Every operation, as [method, path, operation], in the order of the document. */
const operations = () => Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [method, path, operation]));

function show() {
  document.documentElement.lang = language;
  find("language").textContent = language === "ko" ? "English" : "한국어";
  find("language").lang = language === "ko" ? "en" : "ko";
  find("search").placeholder = `${say("search")}  /`;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  if (!api) return;
  const groups = api.tags.map((tag) => [tag, operations().filter(([, , operation]) => operation.tags.includes(tag.name))]);
  find("contents").replaceChildren(
    ...groups.map(([tag, own]) => h("section", {}, h("h2", {}, tag.name), h("ul", {}, own.map(([method, , operation]) =>
      h("li", { "data-for": `operation-${operation.operationId}` }, h("a", { href: `#operation-${operation.operationId}` },
        h(`span.method.${method}`, {}, method.toUpperCase()), operation.summary)))))),
    h("section", {}, h("h2", {}, say("schemas")), h("ul", {}, Object.keys(api.components.schemas).map((name) =>
      h("li", { "data-for": `schema-${name}` }, h("a", { href: `#schema-${name}` }, name))))),
    h("section", {}, h("ul", {}, h("li", {}, h("a", { href: "#errors" }, say("allErrors"))), h("li", {}, h("a", { href: "#closes" }, say("closes"))))));
  find("content").replaceChildren(
    h("h1", { id: "top" }, `${api.info.title} ${api.info.version}`), h("div.lead", {}, paragraphs(api.info.description)),
    h("ul.facts", {}, h("li.badge", {}, `OpenAPI ${api.openapi}`), h("li.badge", {}, api.info.license.name),
      h("li.badge", {}, h("a", { href: "/openapi.json" }, say("document")))),
    ...groups.map(([tag, own]) => h("section", {}, h("h2", { id: `group-${tag.name}` }, tag.name), h("p.lead", {}, prose(tag.description)),
      own.map((each) => operationOf(...each)))),
    h("section", {}, h("h2", { id: "schemas" }, say("schemas")), Object.entries(api.components.schemas).map((each) => schemaOf(...each))),
    ...references());
  filter();
}

/** Leave what has every word of the search; a group without any goes with its heading. */
function filter() {
  const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of document.querySelectorAll("article"))
    article.hidden = !words.every((word) => article.dataset.find.includes(word));
  for (const item of document.querySelectorAll("#contents li[data-for]")) item.hidden = find(item.dataset.for).hidden;
  for (const section of document.querySelectorAll("#contents section, main section"))
    section.hidden = words.length > 0 && !section.querySelector("article:not([hidden]), li:not([hidden])");
  find("nothing").hidden = document.querySelector("article:not([hidden])") !== null;
}

/** Go where the address says; it may point at what was not there when the page was opened. */
function arrive() {
  const target = location.hash.length > 1 ? find(decodeURIComponent(location.hash.slice(1))) : null;
  if (!target) return;
  if (target.hidden) { find("search").value = ""; filter(); }
  const hash = location.hash;
  location.hash = "";
  location.hash = hash; // once more, so that :target applies to it
}

async function start() {
  find("search").addEventListener("input", filter);
  find("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; show(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !(event.target instanceof HTMLInputElement)) { event.preventDefault(); find("search").focus(); }
  });
  show();
  try {
    const answers = await Promise.all([fetch("/openapi.json"), fetch("/api/v1/enums")]);
    [api, enums] = await Promise.all(answers.map((answer) => answer.json()));
  } catch (fault) {
    find("status").dataset.say = "failed";
    show();
    throw fault;
  }
  show();
  arrive();
}

start();
