/** What a browser is called in the list of sessions. Pure. */

/** The first that an agent names is what it is: most also name those they are like. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/KAKAOTALK/i, "KakaoTalk"],
  [/NAVER\(inapp/i, "Naver"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Whale\//, "Whale"],
  [/Edg(A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];
const LONGEST = 50;

/** Browser and system of a User-Agent: `Chrome · Windows`; the head of what it says itself when neither is known. */
export function deviceName(agent: string): string {
  const known = [BROWSERS, SYSTEMS].map((table) => table.find(([sign]) => sign.test(agent))?.[1]);
  return known.filter((each) => each !== undefined).join(" · ") || agent.trim().slice(0, LONGEST) || "?";
}
