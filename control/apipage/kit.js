// What both pages of the API are made of: words, elements, schemas, search, and the way a page comes to be.
// No library; nothing is ever parsed as HTML.

const WORDS = {
  en: {
    skip: "Skip to the content", search: "Search", nothing: "Nothing matches.", loading: "Reading the document…",
    failed: "The document could not be read.", example: "Example", errors: "Errors", schemas: "Schemas",
    allErrors: "Every error code", required: "required", temporary: "temporary", document: "The document",
    closes: "Why a socket is closed", comeBack: "come back", copy: "Copy", copied: "Copied", name: "Name", type: "Type",
    about: "About", code: "Code", other: "The socket",
  },
  ko: {
    skip: "본문으로 건너뛰기", search: "검색", nothing: "찾는 것이 없습니다.", loading: "문서를 읽고 있습니다…",
    failed: "문서를 읽을 수 없습니다.", example: "예시", errors: "오류", schemas: "스키마",
    allErrors: "모든 오류 코드", required: "필수", temporary: "일시적", document: "문서 원본",
    closes: "소켓이 닫히는 까닭", comeBack: "다시 연결", copy: "복사", copied: "복사됨", name: "이름", type: "형식",
    about: "설명", code: "코드", other: "소켓",
  },
};

export let language = navigator.language.startsWith("ko") ? "ko" : "en";
export const say = (word) => WORDS[language][word];
const find = (id) => document.getElementById(id);
let schemas = {};

// --- elements --------------------------------------------------------------------------------------------------------

/** An element: h("a.name", {href: "#x"}, "text", child, …); nulls are left out. */
export function h(selector, attributes, ...children) {
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
export const prose = (text) => (text ?? "").split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));
export const paragraphs = (text) => (text ?? "").split("\n\n").filter(Boolean).map((part) => h("p", {}, prose(part)));
export const fold = (label, ...children) => h("details", {}, h("summary", {}, label), ...children);
export const json = (value) => JSON.stringify(value, null, 2);
export const needed = (yes) => (yes ? h("span.needed", {}, ` ${say("required")}`) : null);
export const nameOf = (reference) => reference.split("/").pop();

export function table(heads, rows) {
  const head = h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)));
  return h("div.wide", {}, h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

export function copyable(text) {
  const button = h("button", { type: "button", onclick: async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = say("copy"); }, 1500);
  } }, say("copy"));
  return h("div.copy", {}, h("pre", { tabindex: "0" }, h("code", {}, text)), button);
}

/** An entry that the search finds by `words`. */
export const article = (id, words, ...children) => h("article", { id, "data-find": words.join(" ").toLowerCase() }, ...children);

// --- schemas ---------------------------------------------------------------------------------------------------------

/** What kind of value a schema asks for, as words and links. */
export function kind(schema) {
  if (!schema) return [];
  if (schema.$ref) return [h("a", { href: `#schema-${nameOf(schema.$ref)}` }, nameOf(schema.$ref))];
  const either = schema.anyOf ?? schema.oneOf;
  if (either && !schema.properties) return either.flatMap((each, i) => (i ? [" | ", ...kind(each)] : kind(each)));
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

/** The table of an object's fields; null when it has none. */
export function fields(schema) {
  const named = schema.$ref ? schemas[nameOf(schema.$ref)] : schema;
  const rows = fieldRows(named);
  return rows.length ? table([say("name"), say("type"), say("about")], rows) : null;
}

function fieldRows(schema) {
  const must = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, field]) =>
    h("tr", {},
      h("td", {}, h("code", {}, name), needed(must.has(name))),
      h("td.type", {}, kind(field)),
      h("td", {}, prose(field.description), field.default === undefined ? null : h("span.type", {}, ` = ${JSON.stringify(field.default)}`))));
}

function schemaOf(name, schema) {
  return article(`schema-${name}`, [name, schema.description ?? ""],
    h("h3", {}, h("code", {}, name)), paragraphs(schema.description),
    fields(schema) ?? h("p.type", {}, kind(schema)));
}

/** Why a socket is closed, as a table of `{code, name, come_back, en, ko}`. */
export const closeCodes = (reasons) => table([say("code"), say("name"), say("about")], reasons.map((each) =>
  h("tr", {}, h("td", {}, h("code", {}, String(each.code))), h("td", {}, h("code", {}, each.name)),
    h("td", {}, each[language], each.come_back ? h("span.type", {}, ` · ${say("comeBack")}`) : null))));

// --- the page --------------------------------------------------------------------------------------------------------

/** Read `addresses` and show what `draw` makes of them, now and whenever the language changes.
 *
 * `words` are the page's own, by language. `draw(...documents)` gives `{title, about, facts, groups, tables}`: a group is
 * `{name, about, entries: [{id, mark, label, article}]}`, a table `{id, label, element}`. The first document's schemas are
 * shown after the groups. */
export async function show(addresses, words, draw) {
  for (const each of Object.keys(WORDS)) Object.assign(WORDS[each], words[each]);
  let documents = null;
  const redraw = () => { label(); if (documents) { lay(draw(...documents)); filter(); } };
  find("search").addEventListener("input", filter);
  find("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; redraw(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !(event.target instanceof HTMLInputElement)) { event.preventDefault(); find("search").focus(); }
  });
  redraw();
  try {
    const answers = await Promise.all(addresses.map((each) => fetch(each)));
    documents = await Promise.all(answers.map((answer) => answer.json()));
    schemas = documents[0].components.schemas;
  } catch (fault) {
    find("status").dataset.say = "failed";
    redraw();
    throw fault;
  }
  redraw();
  arrive();
}

/** The words that stand in the page itself. */
function label() {
  document.documentElement.lang = language;
  find("language").textContent = language === "ko" ? "English" : "한국어";
  find("language").lang = language === "ko" ? "en" : "ko";
  find("search").placeholder = `${say("search")}  /`;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
}

function lay({ title, about, facts, groups, tables }) {
  const link = (id, ...children) => h("li", { "data-for": id }, h("a", { href: `#${id}` }, ...children));
  find("contents").replaceChildren(
    ...groups.map((group) => h("section", {}, h("h2", {}, group.name),
      h("ul", {}, group.entries.map((each) => link(each.id, each.mark, each.label))))),
    h("section", {}, h("h2", {}, say("schemas")), h("ul", {}, Object.keys(schemas).map((name) => link(`schema-${name}`, name)))),
    h("section", {}, h("ul", {}, tables.map((each) => h("li", {}, h("a", { href: `#${each.id}` }, each.label))))));
  find("content").replaceChildren(
    h("h1", { id: "top" }, title), h("div.lead", {}, paragraphs(about)), h("ul.facts", {}, facts.map((each) => h("li.badge", {}, each))),
    ...groups.map((group) => h("section", {}, h("h2", {}, group.name), h("p.lead", {}, prose(group.about)),
      group.entries.map((each) => each.article))),
    h("section", {}, h("h2", { id: "schemas" }, say("schemas")), Object.entries(schemas).map((each) => schemaOf(...each))),
    ...tables.flatMap((each) => [h("h2", { id: each.id }, each.label), each.element]));
}

/** Leave what has every word of the search; a group without any goes with its heading. */
function filter() {
  const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const each of document.querySelectorAll("article"))
    each.hidden = !words.every((word) => each.dataset.find.includes(word));
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
