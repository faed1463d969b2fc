/** Which microphone, camera and speaker a call is to use: remembered, and changed at once in a call that goes on. */

import { Choice } from "../parts/Field.tsx";
import { kept } from "../app/keeping.ts";
import type { RoomCall } from "./call.ts";
import { chooseSpeaker, speaker, useChoices } from "./choices.ts";
import type { Device } from "./devices.ts";
import { words } from "./words.ts";

export function DeviceChoice({ call }: { readonly call: RoomCall }) {
  const { microphones, cameras, speakers } = useChoices();
  const t = words.value;
  if (microphones.length + cameras.length + speakers.length === 0) return <p class="soft">{t.noChoice}</p>;
  const input = (device: Device, of: "microphone" | "camera") => ({
    chosen: device.track.value?.getSettings().deviceId ?? kept(of) ?? "",
    onChoice: (id: string) => void device.choose(id),
  });
  return (
    <>
      <One label={t.chooseMic} among={microphones} {...input(call.mic, "microphone")} />
      <One label={t.chooseCamera} among={cameras} {...input(call.camera, "camera")} />
      <One label={t.chooseSpeaker} among={speakers} chosen={speaker.value} onChoice={chooseSpeaker} />
    </>
  );
}

interface OneProps {
  readonly label: string;
  readonly among: readonly MediaDeviceInfo[];
  readonly chosen: string;
  readonly onChoice: (id: string) => void;
}

function One({ label, among, chosen, onChoice }: OneProps) {
  if (among.length === 0) return null;
  const options = among.map(({ deviceId, label: name }) => ({ value: deviceId, label: name }));
  const value = options.some((each) => each.value === chosen) ? chosen : options[0]!.value;
  return <Choice label={label} value={value} options={options} onChoice={onChoice} />;
}
