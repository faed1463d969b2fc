/** Line drawings, 24 by 24, in the colour of the text around them. Each says nothing to a screen reader. */

const PATHS = {
  yard: "M4 4h16v16h-6v-5h-4v5H4z",
  rooms: "M4 6h16v10H10l-4 4v-4H4z",
  book: "M12 6.5C10 5 7 4.5 4 4.5v13.5c3 0 6 .5 8 2 2-1.5 5-2 8-2V4.5c-3 0-6 .5-8 2zM12 6.5V20",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6M17 14.2c2.4.7 4 2.9 4 5.8",
  meet: "M9 17.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM15 17.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
  self: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-3.6 3-6 7-6s7 2.4 7 6",
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  key: "M8 16a4 4 0 1 1 3.5-6H20v3h-2v2h-3v-2h-3.5A4 4 0 0 1 8 16z",
  star: "M12 4l2.4 5 5.6.7-4.1 3.8 1 5.5-4.9-2.7L7.1 19l1-5.5L4 9.7 9.6 9z",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 20.5h4",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M4 12l16-7-6 15-3-6z",
  reply: "M10 7L4 12l6 5v-3.2c5 0 8 1.2 10 4.2-.5-5-3-9-10-9z",
  smile:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10h.01M15 10h.01M8.5 14c1 1.6 2.1 2.3 3.5 2.3s2.5-.7 3.5-2.3",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  trash: "M5 7h14M9 7V5h6v2M7 7l1 13h8l1-13",
  paperclip:
    "M18 11l-6.5 6.5a4 4 0 0 1-5.7-5.7L13 4.6a2.7 2.7 0 0 1 3.8 3.8L9.7 15.5a1.3 1.3 0 0 1-1.9-1.9L14 7.5",
  call: "M7 4l3 4-2 2.5c1 2.2 2.8 4 5 5l2.5-2 4 3c-.5 2-1.8 3.2-3.5 3C9.5 18.5 5.5 14.5 4.5 8 4.3 6 5.3 4.5 7 4z",
  mic: "M12 15a3.5 3.5 0 0 0 3.5-3.5v-4a3.5 3.5 0 0 0-7 0v4A3.5 3.5 0 0 0 12 15zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  "mic-off":
    "M4 4l16 16M15.5 10.5v-3a3.5 3.5 0 0 0-6.7-1.4M8.5 8.5v3A3.5 3.5 0 0 0 13.5 14.7M5.5 11.5a6.5 6.5 0 0 0 10 5.5M18.5 11.5a6.5 6.5 0 0 1-.4 2.2M12 18v3",
  camera: "M4 7h11v10H4zM15 11l5-3v8l-5-3z",
  "camera-off": "M4 4l16 16M9 7h6v6M15 11l5-3v8l-3-1.8M13.5 17H4V7h1",
  "hang-up": "M3 14c5-5.3 13-5.3 18 0l-2.5 2.5-4-1.5v-2.5a10 10 0 0 0-5 0V15l-4 1.5z",
  pause: "M8 5v14M16 5v14",
  play: "M8 5l11 7-11 7z",
  timer: "M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 9v4l2.5 1.5M9.5 2.5h5",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  half: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 4v16",
  check: "M5 13l4 4L19 7",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  flag: "M6 21V4h11l-2 4 2 4H6",
  leave: "M14 5H5v14h9M10 12h10M17 8.5l3.5 3.5-3.5 3.5",
  offline: "M4 4l16 16M7 16.5a5 5 0 0 1 8.5-1.5M3.5 12a11 11 0 0 1 5-3.4M13 8.2a11 11 0 0 1 7.5 3.8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
