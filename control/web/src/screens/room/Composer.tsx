/** Where one says something. Enter sends and Shift+Enter begins a line, but for a finger's keyboard and while Hangul is composed. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { Button, IconButton } from "../../parts/Button.tsx";
import type { RoomModel } from "../../room/model.ts";
import { LIMITS } from "../../wire/limits.ts";
import type { Attachment } from "../../wire/socket.ts";
import { nearTime } from "../../words/times.ts";
import { enclose, useMutedUntil } from "./Dropping.tsx";
import { calling, type Draft, mayCallAll, mentionsIn, offered } from "./draft.ts";
import { words } from "./words.ts";
import { titleOf } from "../../words/titled.ts";

interface ComposerProps {
  readonly model: RoomModel;
  readonly draft: Draft;
}

/** So near to the limit the rest is told. */
const TELL_AT = 200;

export function Composer({ model, draft }: ComposerProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const completion = useCompletion(model, draft, area);
  const text = draft.text.value;
  const files = draft.files.value;
  const edits = draft.edits.value;
  const left = LIMITS.text_characters - [...text].length;
  const isEdit = edits !== undefined;
  const isSending = !isEdit && draft.isUploading.value;
  const isEmpty = text.trim() === "" && (isEdit || !files.some((file) => file.sent));
  const isThread = draft.thread !== undefined;
  const purpose = isThread ? words.value.answer : words.value.say;
  const info = model.info.value;
  const mutedUntil = useMutedUntil(model);
  useEffect(() => {
    if (draft.wanted.value > 0 || matchMedia("(pointer: fine)").matches) focus(area.current);
  }, [draft.wanted.value]);
  useEffect(() => grow(area.current), [text]);

  const send = () => {
    if (isEmpty || isSending || left < 0) return;
    model.typing(false);
    if (edits !== undefined) edit(model, draft, edits.event.seq);
    else post(model, draft);
    focus(area.current);
  };
  const onKeyDown = (key: KeyboardEvent) => {
    if (key.isComposing || completion.onKeyDown(key)) return;
    if (key.key === "Enter" && !key.shiftKey && !matchMedia("(pointer: coarse)").matches) {
      key.preventDefault();
      send();
    }
    if (key.key === "Escape") draft.leave();
  };
  if (mutedUntil !== null) {
    return <p class="composer-muted soft">{words.value.muteUntil(nearTime(mutedUntil))}</p>;
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <About model={model} draft={draft} />
      {!isEdit && <Files draft={draft} />}
      {completion.list}
      <div class="composer-line">
        {!isEdit && (
          <IconButton icon="paperclip" label={words.value.attach} onPress={() => chooser.current?.click()} />
        )}
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            enclose(draft, event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={area}
          class="input composer-text"
          rows={1}
          value={text}
          aria-label={info.kind === "ready" && !isThread ? words.value.sayTo(titleOf(info.value)) : purpose}
          placeholder={purpose}
          {...completion.ties}
          onInput={(event) => {
            draft.write(event.currentTarget.value);
            completion.look();
            if (!isEdit) model.typing(event.currentTarget.value !== "");
          }}
          onKeyDown={onKeyDown}
          onSelect={completion.look}
          onBlur={completion.close}
          onPaste={(event) => {
            if (event.clipboardData?.files.length) {
              event.preventDefault();
              enclose(draft, event.clipboardData.files);
            }
          }}
        />
        <Button kind="primary" icon="send" submits disabled={isEmpty || isSending || left < 0}>
          <span class="composer-send">{isEdit ? words.value.save : words.value.send}</span>
        </Button>
      </div>
      {left < TELL_AT && (
        <p class={left < 0 ? "composer-left composer-over figures" : "composer-left figures"} role="status">
          {left < 0 ? words.value.tooLong(LIMITS.text_characters) : left}
        </p>
      )}
    </form>
  );
}

function post(model: RoomModel, draft: Draft): void {
  const text = draft.text.value.trim();
  const sent = draft.files.value.flatMap(({ sent: file }) => (file ? [file] : []));
  const mentions = mentionsIn(text, model.people.members.value).filter((id) => id !== model.me);
  const answers = draft.answers.value?.event.seq ?? draft.thread;
  model.post(text, {
    ...(answers === undefined ? {} : { replyTo: answers }),
    ...(sent.length > 0 ? { attachments: sent.map(({ id }) => id), kind: kindOf(sent) } : {}),
    mentions: mentions.slice(0, LIMITS.mentions),
    mentionAll: callsAll(text) && mayCallAll(model.people.members.value, model.me),
  });
  draft.clear();
}

/** In either language: whoever is called so is called. */
function callsAll(text: string): boolean {
  return /(^|\s)@(모두|everybody)(?=\s|$|[.,!?])/u.test(text);
}

function edit(model: RoomModel, draft: Draft, of: number): void {
  const text = draft.text.value.trim();
  model.edit(of, text, mentionsIn(text, model.people.members.value).slice(0, LIMITS.mentions));
  draft.clear();
}

function kindOf(files: readonly Attachment[]): "image" | "audio" | "file" {
  const all = (kind: string) => files.every((file) => file.media_type.startsWith(`${kind}/`));
  return all("image") ? "image" : all("audio") ? "audio" : "file";
}

/** What is answered, or put in other words. */
function About({ model, draft }: ComposerProps) {
  const edits = draft.edits.value;
  const about = edits ?? draft.answers.value;
  if (about === undefined) return null;
  const name = model.people.person(about.event.sender)?.nickname ?? about.event.name ?? words.value.somebody;
  return (
    <div class="composer-about">
      <p class="cut">
        <b>{edits === undefined ? words.value.replyTo(name) : words.value.editing}</b> {about.text}
      </p>
      <IconButton icon="close" label={words.value.cancel} onPress={() => draft.leave()} />
    </div>
  );
}

function Files({ draft }: { readonly draft: Draft }) {
  const files = draft.files.value;
  if (files.length === 0) return null;
  return (
    <ul class="composer-files">
      {files.map((file) => (
        <li key={file.key} class="composer-file">
          <span class="cut">{file.name}</span>
          {file.fault !== undefined ? (
            <>
              <span class="small composer-over" role="alert">
                {said(file.fault).text}
              </span>
              <Button kind="quiet" onPress={() => draft.again(file)}>
                {words.value.again}
              </Button>
            </>
          ) : (
            file.sent === undefined && (
              <progress value={file.part} aria-label={words.value.uploading(Math.round(file.part * 100))} />
            )
          )}
          <IconButton
            icon="close"
            label={words.value.removeFile(file.name)}
            onPress={() => draft.remove(file)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Nothing scrolls for it. */
function focus(area: HTMLTextAreaElement | null): void {
  area?.focus({ preventScroll: true });
}

const growsByItself = CSS.supports("field-sizing", "content");

/** As high as what is written, up to what the style allows: in a browser whose fields do not grow by themselves. */
function grow(area: HTMLTextAreaElement | null): void {
  if (area === null || growsByItself) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

/** Names behind an `@`: arrows choose, Enter or Tab takes, Escape leaves. */
function useCompletion(
  model: RoomModel,
  draft: Draft,
  area: { readonly current: HTMLTextAreaElement | null },
) {
  const [call, setCall] = useState<{ from: number; name: string } | undefined>(undefined);
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const optionId = (place: number) => `${listId}-${place}`;
  const { members } = model.people;
  const found = call === undefined ? [] : offered(call.name, members.value, model.me, words.value.everybody);
  const isOpen = found.length > 0;
  const look = () => {
    const cursor = area.current?.selectionStart ?? 0;
    setCall(calling(area.current?.value ?? "", cursor));
    setChosen(0);
  };
  const take = (nickname: string) => {
    const text = draft.text.value;
    if (call === undefined) return;
    const before = `${text.slice(0, call.from)}@${nickname} `;
    draft.write(before + text.slice(call.from + 1 + call.name.length));
    setCall(undefined);
    queueMicrotask(() => area.current?.setSelectionRange(before.length, before.length));
  };
  const onKeyDown = (key: KeyboardEvent): boolean => {
    const one = found[chosen];
    if (!isOpen || one === undefined) return false;
    if (key.key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (key.key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else if (key.key === "Enter" || key.key === "Tab") take(one.nickname);
    else if (key.key === "Escape") setCall(undefined);
    else return false;
    key.preventDefault();
    return true;
  };
  const names = isOpen && (
    <ul class="composer-names" role="listbox" id={listId} aria-label={words.value.mention}>
      {found.map(({ id, nickname }, i) => (
        <li
          key={id}
          id={optionId(i)}
          role="option"
          aria-selected={i === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            take(nickname);
          }}
        >
          {nickname}
        </li>
      ))}
    </ul>
  );
  const list = (
    <>
      {names}
      <span class="unseen" role="status">
        {isOpen && words.value.namesOffered(found.length)}
      </span>
    </>
  );
  // A text of several lines may be no combobox: it stays a text field, which tells of a list beside it.
  const ties = {
    "aria-autocomplete": "list",
    ...(isOpen ? { "aria-controls": listId, "aria-activedescendant": optionId(chosen) } : {}),
  } as const;
  return { list, ties, look, onKeyDown, close: () => setCall(undefined) };
}
