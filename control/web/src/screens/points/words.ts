import { dictionary } from "../../words/dictionary.ts";

export const words = dictionary(
  {
    title: "포인트",
    balance: "지금 가진 포인트",
    points: (count: string) => `${count}포인트`,
    history: "오간 것",
    none: "아직 오간 포인트가 없어요",
    noneHint: "게시판에서 답변이 채택되면 포인트를 받아요. 클래스를 신청할 때 쓸 수 있어요.",
    toQuestions: "질문 보기",
    earning: "클래스 수입",
    grant: "운영자가 드린 포인트",
    purchase: "클래스 신청",
    refund: "돌려받음",
    reward: "채택된 답변",
    after: (count: string) => `남은 포인트 ${count}`,
  },
  {
    title: "Points",
    balance: "What you have",
    points: (count) => (count === "1" ? "1 point" : `${count} points`),
    history: "What came and went",
    none: "Nothing came or went yet",
    noneHint: "An answer that is chosen as the best earns points. They pay for classes.",
    toQuestions: "See questions",
    earning: "Earned by a class",
    grant: "Granted by an admin",
    purchase: "Paid for a class",
    refund: "Refunded",
    reward: "Best answer",
    after: (count) => `${count} left`,
  },
);
