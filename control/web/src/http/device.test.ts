/** Browsers call themselves by many names; people know them by one. */

import { expect, test } from "vitest";
import { deviceName } from "./device.ts";

const KHTML = "(KHTML, like Gecko)";

test.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${KHTML} Chrome/140.0.0.0 Safari/537.36`,
    "Chrome · Windows",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${KHTML} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`,
    "Edge · Windows",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 ${KHTML} Version/18.5 Mobile Safari/604.1`,
    "Safari · iPhone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 ${KHTML} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`,
    "Samsung Internet · Android",
  ],
  [
    `Mozilla/5.0 (Linux; Android 15; SM-S931N; wv) AppleWebKit/537.36 ${KHTML} Chrome/140.0 Mobile Safari/537.36 KAKAOTALK/25.8`,
    "KakaoTalk · Android",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox · Linux"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML)", "Mac"],
  ["curl/8.5.0", "curl/8.5.0"],
  ["x".repeat(90), "x".repeat(50)],
  ["", "?"],
])("%s", (agent, name) => {
  expect(deviceName(agent)).toBe(name);
});
