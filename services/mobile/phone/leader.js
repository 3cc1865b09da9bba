"use strict";
// What leaders look at: the figures, and how supervision stands.
const LIGHTS = [["red", "红灯"], ["amber", "黄灯"], ["green", "绿灯"], ["grey", "未签收"], ["done", "已销号"]];
const LEADER_VIEWS = [
  { permission: "mobile.figures", show: async () => [make("a", { class: "button", href: "figures/page" }, "运行指标")] },
  { permission: "supervision.board", show: boardParts },
];

async function showLeader() {
  const main = make("main", { id: "main", tabindex: "-1" }, make("p", { class: "soft", role: "status" }, "正在读取……"));
  root.replaceChildren(make("header", {}, make("div", { class: "bar" }, make("button", { class: "plain", onclick: () => go() }, "‹ 返回"), make("h1", {}, "领导"), make("span", { class: "soft" }, state.session.acting.title))), main);
  const mine = page = { reload: () => null };
  try {
    if (!state.may.size) await learnPermissions();
    const parts = await Promise.all(LEADER_VIEWS.filter(view => state.may.has(view.permission)).map(view => view.show()));
    if (page === mine) main.replaceChildren(...(parts.length ? parts.flat() : [make("p", { class: "empty" }, "当前岗位没有可查看的内容")]));
  } catch (error) { main.replaceChildren(make("p", { class: "note", role: "alert" }, error.message)); }
}

async function boardParts() {
  const board = await read("/api/supervision/board");
  const late = board.late;
  const total = board.total;
  const days = value => value == null ? "—" : `${value} 个工作日`;
  const lights = LIGHTS.map(([light, name]) => make("div", {}, make("b", {}, String(total[light])), make("i", { class: "light " + light, "aria-hidden": "true" }), name));
  const heads = ["主办单位", "事项", "红", "黄", "平均工作日"];
  const cells = unit => [unit.name, unit.tasks, unit.red, unit.amber, unit.mean_days ?? "—"];
  const row = (kind, values) => make("tr", {}, ...values.map((value, index) => make(kind, { class: index ? "n" : "", ...(kind === "th" ? { scope: "col" } : {}) }, String(value))));
  const lateOne = task => make("li", {}, make("a", { href: `#subject/supervision/task/${task.id}` }, [task.number, task.title].filter(Boolean).join(" ")),
    make("div", { class: "soft" }, [task.lead_unit_name, task.late_days == null ? "" : `超期 ${task.late_days} 个工作日`, task.holders.map(holder => `${holder.step}：${holder.name}`).join("、")].filter(Boolean).join("　")));
  return [
    section(`督查事项 ${total.tasks} 件`, make("div", { class: "lights" }, ...lights), make("p", { class: "soft" }, `平均办理 ${days(total.mean_days)}（含在办）　截至 ${board.on}`)),
    section("超期事项", late.items.length ? make("ul", { class: "rows" }, ...late.items.map(lateOne)) : make("p", { class: "soft" }, "没有超期事项")),
    section("各主办单位", make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "各主办单位" }, make("table", {}, make("thead", {}, row("th", heads)), make("tbody", {}, ...board.units.map(unit => row("td", cells(unit))))))),
  ].filter(Boolean);
}
