import { dictionary } from "../words/dictionary.ts";

export const words = dictionary(
  {
    myRooms: "내 방",
    findRoom: "방 찾기",
    noRooms: "아직 들어간 방이 없어요",
    noRoomsHint: "함께 이야기할 방을 찾아보거나 새로 열어 보세요.",
    nothingSaid: "아직 아무 말도 없어요",
    deleted: "지운 말",
    i: "나",
    picture: "사진",
    file: "파일",
    audio: "음성",
    system: "알림",
    unread: (count: number) => `안 읽은 말 ${count}개`,
    mentioned: (count: number) => `안 읽은 말 ${count}개, 나를 부른 말이 있어요`,
  },
  {
    myRooms: "My rooms",
    findRoom: "Find a room",
    noRooms: "You are in no room yet",
    noRoomsHint: "Find one to talk in, or open your own.",
    nothingSaid: "Nothing was said yet",
    deleted: "A deleted message",
    i: "You",
    picture: "Picture",
    file: "File",
    audio: "Audio",
    system: "News",
    unread: (count) => `${count} unread`,
    mentioned: (count) => `${count} unread, and you are mentioned`,
  },
);
