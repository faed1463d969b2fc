/** The parts of administration, and the permission each needs. */

export const PARTS = [
  { name: "counters", path: "/admin", needs: "counters.read" },
  { name: "applications", path: "/admin/applications", needs: "mentor.review" },
  { name: "people", path: "/admin/people", needs: "user.manage" },
  { name: "reports", path: "/admin/reports", needs: "report.review" },
  { name: "notices", path: "/admin/notices", needs: "notice.manage" },
  { name: "categories", path: "/admin/categories", needs: "category.manage" },
  { name: "conditions", path: "/admin/conditions", needs: "condition.manage" },
  { name: "badges", path: "/admin/badges", needs: "badge.manage" },
  { name: "audit", path: "/admin/audit", needs: "audit.read" },
] as const;

export type Part = (typeof PARTS)[number]["name"];
