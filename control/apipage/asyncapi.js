// Shows /asyncapi.json: commands with their replies, events, news, schemas, errors, close codes, limits.
import { article, closeCodes, copyable, fields, fold, h, json, kind, language, nameOf, paragraphs, say, show, table } from "./kit.js";

const WORDS = {
  en: {
    other: "Over HTTP", frame: "Frame", reply: "Reply", granted: "Granted", refused: "Refused", systemWords: "What rooms say by themselves", limits: "Limits", value: "Value",
    groups: {
      commands: ["Commands", "From you to the server. With an `id`, each is answered by one `reply`."],
      events: ["Events", "What lasts: each has a `seq`, comes in order, and comes again to whoever was away."],
      news: ["News", "Of the moment; nobody who was away hears it."],
    },
  },
  ko: {
    other: "HTTP로", frame: "프레임", reply: "응답", granted: "허락", refused: "거절", systemWords: "방이 스스로 하는 말", limits: "한도", value: "값",
    groups: {
      commands: ["명령", "클라이언트가 서버로 보냅니다. `id`를 주면 `reply` 하나로 답합니다."],
      events: ["이벤트", "오래 남는 것: `seq`가 있고 순서대로 오며, 자리를 비운 사람에게도 다시 옵니다."],
      news: ["소식", "그 순간의 소식으로, 자리를 비운 사람은 듣지 못합니다."],
    },
  },
};

const messageOf = (api, reference) => api.components.messages[nameOf(reference.$ref)];
const frame = (payload) => copyable(json(payload));

function operationOf(id, operation, api) {
  const message = messageOf(api, operation.messages[0]);
  return article(id, [operation.title, operation.description],
    h("h3", {}, h("code", {}, operation.title)),
    operation["x-permission"] ? h("div.route", {}, h("span.badge", {}, operation["x-permission"])) : null,
    paragraphs(operation.description),
    h("h4", {}, say("frame"), " ", message.payload.$ref ? kind(message.payload) : null), fields(message.payload),
    message.examples.map((each) => frame(each.payload)),
    operation.reply ? replyOf(messageOf(api, operation.reply.messages[0])) : null,
    operation["x-errors"] ? fold(say("errors"), table([say("code"), say("about")], operation["x-errors"].map((code) => errorRow(code, api)))) : null);
}

function replyOf(reply) {
  const ok = reply.payload.properties.ok;
  const [granted, refused] = reply.examples;
  return [
    h("h4", {}, say("reply"), " ", kind(ok)), fields(ok),
    fold(say("granted"), frame(granted.payload)), fold(say("refused"), frame(refused.payload)),
  ];
}

function errorRow(code, api, id = null) {
  const error = api["x-errors"][code];
  return h("tr", { id }, h("td", {}, id ? h("code", {}, code) : h("a", { href: `#error-${code}` }, h("code", {}, code))),
    h("td", {}, error[language], error.temporary ? h("span.type", {}, ` · ${say("temporary")}`) : null));
}

const errorTable = (api) => table([say("code"), say("about")],
  Object.keys(api["x-errors"]).map((code) => errorRow(code, api, `error-${code}`)));

const limitTable = (limits) => table([say("name"), say("value")], Object.entries(limits).map(([name, value]) =>
  h("tr", {}, h("td", {}, h("code", {}, name)), h("td", {}, value.toLocaleString(language)))));

const systemWords = (words) => table([say("code"), say("about")], Object.entries(words).map(([code, word]) =>
  h("tr", {}, h("td", {}, h("code", {}, code)), h("td", {}, word[language]))));

function draw(api) {
  const { host, protocol } = api.servers.chatd;
  return {
    title: `${api.info.title} ${api.info.version}`,
    about: api.info.description,
    facts: [`AsyncAPI ${api.asyncapi}`, api.info.license.name, `${protocol}://${host}${api.channels.socket.address}`,
      h("a", { href: "/asyncapi.json" }, say("document"))],
    groups: Object.entries(say("groups")).map(([tag, [name, about]]) => ({
      name,
      about,
      entries: Object.entries(api.operations).filter(([, operation]) => operation.tags[0].name === tag).map(([key, operation]) => ({
        id: `operation-${key}`,
        label: operation.title,
        article: operationOf(`operation-${key}`, operation, api),
      })),
    })),
    tables: [
      { id: "words", label: say("systemWords"), element: systemWords(api["x-system-words"]) },
      { id: "limits", label: say("limits"), element: limitTable(api["x-limits"]) },
      { id: "errors", label: say("allErrors"), element: errorTable(api) },
      { id: "closes", label: say("closes"), element: closeCodes(api["x-close-codes"]) },
    ],
  };
}

show(["/asyncapi.json"], WORDS, draw);
