// Made by `python -m control.typescript`; not to be edited.

/** What a server allows by default. */
export const LIMITS = {
  frame_bytes: 65536,
  text_characters: 4000,
  open_rooms: 200,
  page_events: 100,
  people_asked: 200,
  participants: 500,
  members_told_of_typing_and_reading: 200,
  mentions: 50,
  attachments: 10,
  emoji_bytes: 32,
  emoji_on_a_message: 20,
  pins_in_a_room: 50,
  commands_per_second: 20,
  command_burst: 60,
  connections_per_user: 10,
  hello_within_ms: 10000,
  call_peers: 4,
  signal_bytes: 16384,
  heartbeat_ms: 20000,
  expired_token_grace_ms: 60000,
  expiry_warning_ms: 120000,
} as const;

/** Why a server ends a connection, and whether to come back. */
export const CLOSES: Readonly<Record<number, { name: string; comeBack: boolean }>> = {
  4000: { name: "internal", comeBack: true },
  4001: { name: "draining", comeBack: true },
  4005: { name: "token_expired", comeBack: true },
  4008: { name: "slow_consumer", comeBack: true },
  4009: { name: "too_fast", comeBack: true },
  4012: { name: "no_pong", comeBack: true },
  4500: { name: "bad_token", comeBack: false },
  4501: { name: "bad_frame", comeBack: false },
  4502: { name: "no_hello", comeBack: false },
  4503: { name: "session_revoked", comeBack: false },
  4504: { name: "too_many_connections", comeBack: false },
  4505: { name: "too_many_rooms", comeBack: false },
  4510: { name: "version", comeBack: false },
};
