/** A room's call: whoever is in it, in tiles, and what one can do there; outside, who is in, and the way in. */

import { useMemo, useRef, useState } from "preact/hooks";
import { useTask } from "../app/task.ts";
import { Avatar } from "../parts/Avatar.tsx";
import { Button, IconButton } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { FaultNote } from "../parts/States.tsx";
import { Switch } from "../parts/Switch.tsx";
import { words as common } from "../words/common.ts";
import type { CallPeer } from "../wire/socket.ts";
import type { RoomCall } from "./call.ts";
import type { Device } from "./devices.ts";
import { DeviceChoice } from "./DeviceChoice.tsx";
import { Emoticons } from "./Emoticons.tsx";
import "./call.css";
import { Tile } from "./Tile.tsx";
import { words } from "./words.ts";

interface Face {
  readonly nickname: string;
  readonly avatar: string | null;
}

export interface StageProps {
  readonly call: RoomCall;
  /** Somebody of the room; undefined until it is known who. */
  readonly person: (user: string) => Face | undefined;
}

/** Nothing, as long as nobody is in the call of a room that is for other things, too. */
export function Stage({ isForCalls, ...props }: StageProps & { readonly isForCalls: boolean }) {
  const { call } = props;
  const phase = call.phase.value;
  const isEmpty = call.now.value.peers.length === 0 && call.fault.value === undefined;
  if (phase === "out" && isEmpty && call.ended.value === undefined && !isForCalls) return null;
  return (
    <section class="stage" aria-label={words.value.call}>
      {phase === "out" ? <Outside {...props} isForCalls={isForCalls} /> : <Inside {...props} />}
    </section>
  );
}

/** The way into the call, in a room's head; nothing for who is in. */
export function CallAct({ call, person }: StageProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      {call.phase.value === "out" && (
        <IconButton icon="call" label={words.value.begin} onPress={() => setAsking(true)} />
      )}
      {asking && <Lobby call={call} person={person} onClose={() => setAsking(false)} />}
    </>
  );
}

function Outside({ call, person, isForCalls }: StageProps & { readonly isForCalls: boolean }) {
  const [asking, setAsking] = useState(false);
  const { peers } = call.now.value;
  const ended = call.ended.value;
  return (
    <>
      {ended !== undefined && ended !== "lost" && (
        <p role="status" class="small">
          {words.value[ended]}
        </p>
      )}
      <FaultNote fault={call.fault.value} />
      {(peers.length > 0 || isForCalls) && (
        <div class="stage-strip">
          <Faces peers={peers} person={person} />
          <p class="stage-strip-text">{saidOf(peers)}</p>
          <Button kind="primary" icon="call" onPress={() => setAsking(true)}>
            {words.value.join}
          </Button>
        </div>
      )}
      {asking && <Lobby call={call} person={person} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Before coming in: with what. */
function Lobby({ call, person, onClose }: StageProps & { readonly onClose: () => void }) {
  const [mic, setMic] = useState(true);
  const [camera, setCamera] = useState(true);
  const { peers } = call.now.value;
  const isClosed = useRef(false);
  const task = useTask(async () => {
    await call.join({ mic, camera });
    if (!isClosed.current) onClose();
  });
  const close = () => {
    isClosed.current = true;
    call.cancel();
    onClose();
  };
  return (
    <Dialog title={words.value.call} onClose={close}>
      <div class="stage-strip">
        <Faces peers={peers} person={person} />
        <p class="stage-strip-text">{saidOf(peers)}</p>
      </div>
      <div class="stage-switches">
        <Switch label={words.value.mic} on={mic} onChange={setMic} />
        <Switch label={words.value.camera} on={camera} onChange={setCamera} />
      </div>
      <div class="dialog-acts">
        <Button kind="quiet" onPress={close}>
          {common.value.cancel}
        </Button>
        <Button kind="primary" icon="call" busy={task.busy} onPress={() => task.run()}>
          {task.busy ? words.value.coming : words.value.join}
        </Button>
      </div>
    </Dialog>
  );
}

function Faces({
  peers,
  person,
}: {
  readonly peers: readonly CallPeer[];
  readonly person: StageProps["person"];
}) {
  return (
    <span class="faces">
      {usersOf(peers).map((user) => {
        const face = person(user);
        return <Avatar key={user} name={face?.nickname ?? "?"} picture={face?.avatar ?? null} size="small" />;
      })}
    </span>
  );
}

function Inside({ call, person }: StageProps) {
  const { peers } = call.now.value;
  const [isChoosing, setChoosing] = useState(false);
  const others = peers.filter(({ peer }) => peer !== call.peer);
  const t = words.value;
  return (
    <>
      <FaultNote fault={call.fault.value} />
      <Lacks device={call.mic} name={t.mic} />
      <Lacks device={call.camera} name={t.camera} />
      <ul class={`tiles tiles-${Math.min(others.length + 1, 4)}`}>
        {others.map((each) => (
          <Other key={each.peer} call={call} peer={each} person={person} />
        ))}
        <Own call={call} person={person} />
      </ul>
      <Heard call={call} person={person} />
      {isChoosing && (
        <Dialog title={t.devices} onClose={() => setChoosing(false)}>
          <DeviceChoice call={call} />
        </Dialog>
      )}
      <div class="stage-acts">
        <Turn call={call} device={call.mic} on={["mic", t.micOff]} off={["mic-off", t.micOn]} />
        <Turn
          call={call}
          device={call.camera}
          on={["camera", t.cameraOff]}
          off={["camera-off", t.cameraOn]}
        />
        <Emoticons onChoice={(emoji) => call.emote(emoji)} />
        <IconButton icon="settings" label={t.devices} kind="plain" onPress={() => setChoosing(true)} />
        <Button kind="danger" icon="hang-up" onPress={() => call.leave()}>
          <span class="stage-leave">{t.leave}</span>
        </Button>
      </div>
    </>
  );
}

interface OtherProps extends StageProps {
  readonly peer: CallPeer;
}

function Other({ call, peer, person }: OtherProps) {
  const seen = call.seen.value.get(peer.peer);
  const face = person(peer.user);
  return (
    <Tile
      name={face?.nickname ?? words.value.somebody}
      face={face}
      stream={seen?.stream}
      isOwn={false}
      mic={peer.mic}
      camera={peer.camera}
      state={seen?.state ?? "connecting"}
      emoji={call.shown.value.get(peer.user)}
    />
  );
}

function Own({ call, person }: StageProps) {
  const track = call.camera.track.value;
  const stream = useMemo(() => (track === null ? undefined : new MediaStream([track])), [track]);
  return (
    <Tile
      name={words.value.you}
      face={person(call.me)}
      stream={stream}
      isOwn
      mic={call.mic.track.value !== null}
      camera={track !== null}
      state={call.phase.value === "in" ? "connected" : "connecting"}
      emoji={call.shown.value.get(call.me)}
    />
  );
}

/** What is shown on the tiles, for ears. */
function Heard({ call, person }: StageProps) {
  return (
    <p class="unseen" role="status">
      {[...call.shown.value]
        .filter(([user]) => user !== call.me)
        .map(([user, emoji]) => words.value.shows(person(user)?.nickname ?? words.value.somebody, emoji))
        .join(", ")}
    </p>
  );
}

type Act = readonly [icon: "mic" | "mic-off" | "camera" | "camera-off", label: string];

interface TurnProps {
  readonly call: RoomCall;
  readonly device: Device;
  readonly on: Act;
  readonly off: Act;
}

function Turn({ call, device, on, off }: TurnProps) {
  const isOn = device.track.value !== null;
  const [icon, label] = isOn ? on : off;
  return (
    <IconButton
      icon={icon}
      label={label}
      kind={isOn ? "plain" : "danger"}
      onPress={() => call.turn(device, !isOn)}
    />
  );
}

function Lacks({ device, name }: { readonly device: Device; readonly name: string }) {
  const lack = device.lack.value;
  return <div role="status">{lack !== undefined && <p class="small soft">{words.value[lack](name)}</p>}</div>;
}

function saidOf(peers: readonly CallPeer[]): string {
  return peers.length > 0 ? words.value.others(usersOf(peers).length) : words.value.nobodyIn;
}

function usersOf(peers: readonly CallPeer[]): string[] {
  return [...new Set(peers.map(({ user }) => user))];
}
