// Shows /openapi.json: groups, operations, schemas, errors.
import { article, closeCodes, copyable, fields, fold, h, json, kind, language, needed, paragraphs, prose, say, show, table } from "./kit.js";

const WORDS = {
  en: {
    parameters: "Parameters", body: "Request body", answer: "Answer", noBody: "no body", holds: "What it holds",
    status: "Status", public: "anybody", logged_in: "logged in", rate: (n, many, unit) => `${n} in ${many} ${unit}`,
    units: ["h", "min", "s"], curl: "With curl", place: "Where", where: { path: "path", query: "query" },
  },
  ko: {
    parameters: "매개변수", body: "요청 본문", answer: "응답", noBody: "본문 없음", holds: "내용",
    status: "상태", public: "누구나", logged_in: "로그인 필요", rate: (n, many, unit) => `${many}${unit}에 ${n}번`,
    units: ["시간", "분", "초"], curl: "curl로", place: "위치", where: { path: "경로", query: "쿼리" },
  },
};

function curl(method, path, operation) {
  const example = operation.requestBody?.content["application/json"]?.example;
  const filled = (operation.parameters ?? []).filter((each) => each.in === "path")
    .reduce((url, each) => url.replace(`{${each.name}}`, each.example), path);
  const lines = [`curl -X ${method.toUpperCase()} ${location.origin}${filled}`];
  if (operation.security.length) lines.push('-H "authorization: Bearer $TOKEN"');
  if (example) lines.push("-H 'content-type: application/json'", `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n  ");
}

/** How often, in the longest unit of which it is a whole number. */
function rateOf({ count, per_seconds: seconds }) {
  const unit = [3600, 60, 1].findIndex((each) => seconds % each === 0);
  return say("rate")(count, seconds / [3600, 60, 1][unit], say("units")[unit]);
}

function operationOf(method, path, operation, sentence) {
  const body = operation.requestBody?.content["application/json"];
  const [status, success] = Object.entries(operation.responses).find(([each]) => each < "400");
  const content = success.content?.["application/json"];
  const permission = say(operation["x-permission"]) ?? operation["x-permission"];
  const rate = operation["x-rate"];
  return article(`operation-${operation.operationId}`, [method, path, operation.summary, operation.description],
    h("h3", {}, operation.summary),
    h("div.route", {}, h(`span.method.${method}`, {}, method.toUpperCase()), h("code", {}, path),
      h("span.badge", {}, permission), rate ? h("span.badge", {}, rateOf(rate)) : null),
    paragraphs(operation.description),
    operation.parameters ? [h("h4", {}, say("parameters")), table([say("name"), say("type"), say("place")], operation.parameters.map((each) =>
      h("tr", {}, h("td", {}, h("code", {}, each.name), needed(each.required)), h("td.type", {}, kind(each.schema)),
        h("td", {}, say("where")[each.in], " ", prose(each.schema.description)))))] : null,
    body ? [h("h4", {}, say("body"), " ", kind(body.schema)), fields(body.schema), fold(say("example"), copyable(json(body.example)))] : null,
    h("h4", {}, `${say("answer")} ${status} `, content ? kind(content.schema) : h("span.type", {}, say("noBody"))),
    content ? fold(say("holds"), fields(content.schema), copyable(json(content.example))) : null,
    fold(say("curl"), copyable(curl(method, path, operation))),
    fold(say("errors"), table([say("code"), say("status"), say("about")], errorRows(operation, sentence))));
}

function errorRows(operation, sentence) {
  return Object.values(operation.responses).flatMap((each) =>
    Object.values(each.content?.["application/problem+json"]?.examples ?? {}).map(({ value }) =>
      h("tr", {}, h("td", {}, h("a", { href: `#error-${value.code}` }, h("code", {}, value.code))), h("td.type", {}, String(value.status)),
        h("td", {}, sentence(value.code) ?? value.title))));
}

const errorTable = (errors) => table([say("code"), say("status"), say("about")], errors.map((each) =>
  h("tr", { id: `error-${each.code}` }, h("td", {}, h("code", {}, each.code)), h("td.type", {}, String(each.status)),
    h("td", {}, each[language], each.temporary ? h("span.type", {}, ` · ${say("temporary")}`) : null))));

/** Every operation, as [method, path, operation], in the order of the document. */
const operationsOf = (api) => Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [method, path, operation]));

function draw(api, enums) {
  const sentence = (code) => enums.errors.find((each) => each.code === code)?.[language];
  return {
    title: `${api.info.title} ${api.info.version}`,
    about: api.info.description,
    facts: [`OpenAPI ${api.openapi}`, api.info.license.name, h("a", { href: "/openapi.json" }, say("document"))],
    groups: api.tags.map((tag) => ({
      name: tag.name,
      about: tag.description,
      entries: operationsOf(api).filter(([, , operation]) => operation.tags.includes(tag.name)).map(([method, path, operation]) => ({
        id: `operation-${operation.operationId}`,
        mark: h(`span.method.${method}`, {}, method.toUpperCase()),
        label: operation.summary,
        article: operationOf(method, path, operation, sentence),
      })),
    })),
    tables: [
      { id: "errors", label: say("allErrors"), element: errorTable(enums.errors) },
      { id: "closes", label: say("closes"), element: closeCodes(enums.close_codes) },
    ],
  };
}

show(["/openapi.json", "/api/v1/enums"], WORDS, draw);
