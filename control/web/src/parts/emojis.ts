/** The emoji that can be chosen without a keyboard that has them, by what they are of. */

export type EmojiKind = "faces" | "hands" | "hearts" | "nature" | "food" | "things" | "signs";

const SAID: Readonly<Record<EmojiKind, string>> = {
  faces:
    "😀 😄 😆 😅 😂 🤣 😊 😇 🙂 🙃 😉 😌 😍 🥰 😘 😋 😜 🤗 🤔 🤭 🤫 🤨 😐 🙄 😏 😮 😴 🤤 😷 🤒 🥵 🥶 🥳 😎 🤓 😕 😟 😳 🥺 😢 😭 😱 😤 😡 🤯 😈 👻 🤖",
  hands: "👍 👎 👏 🙌 🙏 🤝 👋 ✋ 👌 ✌️ 🤞 🤟 👉 👈 👆 👇 💪 ✍️ 🙋 🙆 🙅 🤷 🤦 🙇 💃 🕺 👶 👵 👴 👀",
  hearts: "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕 💖 💯 💢 💥 💫 💤 ✨ 🔥 🎉 🎊",
  nature:
    "🐶 🐱 🐰 🦊 🐻 🐼 🐯 🦁 🐮 🐷 🐸 🐵 🐔 🐧 🐤 🦉 🐢 🐠 🐳 🐝 🦋 🌸 🌷 🌻 🌱 🌳 🍀 🍁 🌙 ⭐ ☀️ ☁️ ☔ ❄️ 🌈 🌊",
  food: "🍚 🍜 🍲 🍱 🍙 🍣 🍗 🍖 🍕 🍔 🌮 🥗 🍞 🥐 🧀 🥚 🌶️ 🍎 🍓 🍇 🍉 🍑 🍰 🍪 🍫 🍦 ☕ 🍵 🧋 🍺 🍷 🍶",
  things:
    "📚 📖 ✏️ 📝 💡 💻 📱 📷 🎧 🎤 🎵 🎸 🎨 🎬 🎮 🎲 🧩 ⚽ 🏀 🏸 🏊 🚴 🏃 🧘 🏆 🎁 🎈 🕯️ 🏠 🏫 🚌 🚲 ✈️ ⏰ 📅 📌",
  signs: "✅ ❌ ⭕ ❗ ❓ ⚠️ 🚫 ➕ ➖ ♻️ 🔔 🔒 🔑 🔍 💬 💭 🆗 🆕 🔝 🇰🇷",
};

export const ALL = (Object.entries(SAID) as [EmojiKind, string][]).map(
  ([kind, emojis]) => [kind, emojis.split(" ")] as const,
);
