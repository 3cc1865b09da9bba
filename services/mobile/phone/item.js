"use strict";
// One item of any system, read from that system's own service and shown by its table.
const SYSTEMS = Object.fromEntries([...document.querySelectorAll("script[data-system]")].map(table => [table.dataset.system, JSON.parse(table.textContent)]));

function subjectTable(system, kind) {
  const kinds = SYSTEMS[system]?.subjects || {};
  const found = kinds[kind];
  return found?.same ? { ...kinds[found.same], ...found } : found;
}

// What a path such as `origin.title` leads to; through a list it leads to each one's.
function at(thing, path) {
  return path.split(".").reduce((found, name) => Array.isArray(found) ? found.flatMap(one => one?.[name] ?? []) : found?.[name], thing);
}
const fill = (path, values) => path.replace(/\{([a-z_.]+)\}/g, (_, name) => encodeURIComponent(at(values, name) ?? ""));
const under = (base, path) => path.startsWith("/api/") ? path : base + path;

function holds(conditions, thing) {
  return Object.entries(conditions || {}).every(([path, allowed]) => {
    const found = at(thing, path) ?? "";
    return allowed.some(one => (one === "$post" ? state.session.acting.post_id : one) === found);
  });
}

const FORMS = {
  moment: when,
  percent: value => `${value}%`,
  light: (value, subject) => make("span", {}, make("i", { class: "light " + subject.light, "aria-hidden": "true" }), value),
  link: value => value.title && linkTo(value),
};
function said(table, value, form, path, subject) {
  if (value == null || value === "" || (Array.isArray(value) && !value.length)) return "";
  if (form && FORMS[form]) return FORMS[form](value, subject);
  const words = table.words[form === "word" ? path : form];
  if (words) return words[value] || String(value);
  if (Array.isArray(value)) return value.join("、");
  return value === true ? "是" : value === false ? "否" : String(value);
}

// A thing of another system, by the link that its service gave.
function addressOf({ system, link, id, item_id }) {
  const kinds = Object.entries(SYSTEMS[system]?.subjects || {});
  const kind = kinds.find(([, table]) => table.link && (link || "").startsWith(table.link))?.[0];
  return kind && ["subject", system, kind, id || item_id || link.slice(link.lastIndexOf("/") + 1)];
}
function linkTo(thing) {
  const address = thing.system && addressOf(thing), name = [thing.number, thing.title].filter(Boolean).join(" ");
  return address ? make("a", { href: "#" + address.map(encodeURIComponent).join("/") }, name) : name;
}

async function showItem(id) {
  await openView(async () => {
    const item = await read(`${API}/inbox/${encodeURIComponent(id)}`);
    if (item.state === "open") await actAs(item.on_behalf_of ? item.on_behalf_of.acting_post_id : item.post?.id);
    return { system: item.system, kind: item.subject_kind, id: item.subject_id, item };
  });
}
async function showSubject(subject) { await openView(async () => subject); }

// The reading is repeated after every act and whenever the inbox changes, unless somebody is filling a form in.
async function openView(find) {
  const main = make("main", { id: "main", tabindex: "-1" }, make("p", { class: "soft", role: "status" }, "正在读取……"));
  const said = make("p", { class: "note", role: "status", hidden: true });
  root.replaceChildren(make("header", {}, make("div", { class: "bar" }, make("button", { class: "plain", onclick: () => go() }, "‹ 返回"), make("h1", {}, "事项"),
    make("span", { class: "soft" }, state.session.acting.title))), said, main);
  const busy = () => main.querySelector("details.act[open]");
  const mine = page = { reload: () => busy() ? null : show(busy) };
  const quiet = () => { said.hidden = true; };
  const done = async text => {
    await show();
    said.textContent = text;
    said.hidden = false;
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  };
  const show = async (leave = () => false) => {
    try {
      const parts = await subjectParts(await find(), { done, quiet });
      if (page === mine && !leave()) main.replaceChildren(...parts);
    } catch (error) {
      if (page === mine && !leave()) main.replaceChildren(make("p", { class: "note", role: "alert" }, error.message));
    }
  };
  await show();
}

async function subjectParts({ system, kind, id, item }, hears) {
  const table = SYSTEMS[system], shape = subjectTable(system, kind);
  if (!shape) return itemParts(item, await traceOf(id));
  const base = fill(shape.path, { id });
  let subject;
  try { subject = await read(base); } catch (error) {
    // Who started or had it, and may not see it any more, is still told what became of it.
    if (!item || ![403, 404].includes(error.status)) throw error;
    return [...itemParts(item, await traceOf(id)), make("p", { class: "note" }, error.message)];
  }
  markRead(shape, base, item);
  const open = await openItems(id, item);
  const context = { table, shape, base, subject, open, ...hears };
  const acts = await actsOf(context);
  const shown = item ? itemFacts(item) : [];
  return [
    make("h2", {}, ...(item ? tags(item) : []), at(subject, shape.title || "title")),
    factList([...shape.facts.map(([name, path, form]) => [name, said(table, at(subject, path), form, path, subject)]), ...shown]),
    ...(acts.length ? [make("section", { "aria-label": "可以办理" }, make("h3", {}, "办理"), ...acts)] : []),
    ...shape.prose.map(([name, path]) => proseOf(name, at(subject, path))),
    ...(shape.pairs || []).map(([name, path]) => section(name, Object.keys(at(subject, path) || {}).length ? factList(Object.entries(at(subject, path)).map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)])) : null)),
    filesOf(context),
    ...shape.lists.map(list => listOf(table, subject, system, list)),
    await historyOf(shape, base, subject),
    await traceOf(id),
  ].filter(Boolean);
}

// What of it the viewer has to do, whichever way it was come to; what was chosen first.
async function openItems(id, item) {
  const boxes = await Promise.all(["todo", "to_read"].map(box => read(`${API}/inbox?box=${box}&subject_id=${encodeURIComponent(id)}`)));
  return boxes.flatMap(box => box.items).sort((one, other) => (other.id === item?.id) - (one.id === item?.id));
}

function markRead(shape, base, item) {
  if (!shape.opened || !item || item.state !== "open" || item.read_at) return;
  write(base + fill(shape.opened, { item_id: item.id })).catch(() => null);
}

function section(name, ...parts) {
  const shown = parts.flat().filter(Boolean);
  return shown.length ? make("section", {}, make("h3", {}, name), ...shown) : null;
}
function factList(rows) {
  return make("dl", {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}
function proseOf(name, text) {
  return section(name, [text].flat().filter(Boolean).map(one => make("p", { class: "prose" }, one)));
}

function itemFacts(item) {
  return [["环节", item.step || item.flow], ["身份", item.role_label], ["岗位", postName(item.post)], ["代谁办理", item.on_behalf_of && item.on_behalf_of.person_name],
    ["发送人", [item.sender_name, postName(item.sender_post)].filter(Boolean).join(" ")], ["收到", when(item.received_at)],
    ["时限", item.deadline && when(item.deadline) + (item.overdue ? "（已超期）" : "")], ["我的事项", item.state_label], ["结果", item.outcome], ["办理人", item.acted_by], ["办理时间", when(item.done_at)],
    ["催办", item.reminders && `${item.reminders} 次，${item.reminder_note}`],
    ...item.current_steps.map(step => ["现在", `${step.step}：${postName(step.post)}${step.overdue ? "（已超期）" : ""}`])];
}
function itemParts(item, ...more) {
  if (!item) return [make("p", { class: "note", role: "alert" }, "这里不能打开此类事项。")];
  return [make("h2", {}, ...tags(item), item.title), factList([["文号", item.number], ["类别", item.document_kind], ...itemFacts(item)]), ...more.filter(Boolean)];
}

function listOf(table, subject, system, [name, path, columns, opens, key = "id"]) {
  const rows = at(subject, path) || [];
  const line = row => columns.map(column => {
    const [field, form] = column.split(":");
    return said(table, at(row, field), form, field, row);
  }).filter(Boolean).join("　");
  const address = row => opens === "link" ? addressOf({ system, id: row.task_id, ...row, ...(row.task_id ? { system: "supervision" } : {}) }) : opens && ["subject", system, opens, row[key]];
  const entry = row => make("li", {}, address(row) ? make("a", { href: "#" + address(row).map(encodeURIComponent).join("/") }, line(row)) : line(row));
  return section(name, rows.length ? make("ul", { class: "rows" }, ...rows.map(entry)) : null);
}

// Files are fetched with the reader's token; the reading of a meeting's papers is noted with the first.
function filesOf({ table, shape, base, subject }) {
  const fetchTo = async (path, name, button) => {
    try {
      if (shape.reading && holds(shape.reading.if, subject)) await write(base + shape.reading.path).catch(() => null);
      const answer = await ask(path);
      const given = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") || "");
      save(await answer.blob(), given ? decodeURIComponent(given[1]) : name);
    } catch (error) { button.after(make("p", { class: "wrong", role: "alert" }, error.message)); }
  };
  const entry = (path, name, note) => make("li", {}, make("button", { class: "plain", onclick: event => fetchTo(path, name, event.currentTarget) }, name, note ? make("span", { class: "soft" }, "　" + note) : ""));
  const files = shape.files.flatMap(([from, path]) => (at(subject, from) || []).filter(row => !path.includes("row.file_id") || row.file_id)
    .map(row => entry(under(base, fill(path, { row })), row.name, row.size ? `${Math.ceil(row.size / 1024)} KB` : "")));
  const papers = (shape.papers || []).filter(([, , , conditions]) => holds(conditions, subject)).map(([, name, path]) => entry(under(base, path), name));
  return section("文件", files.length + papers.length ? make("ul", { class: "rows" }, ...papers, ...files) : null);
}

async function historyOf(shape, base, subject) {
  if (!shape.history || !holds(shape.history_if, subject) || (shape.history_needs && !state.may.has(shape.history_needs))) return null;
  const found = await read(`${base}${shape.history}`).catch(() => ({ items: [] }));
  const acts = found.items || found.acts;
  const line = act => [when(act.at), [act.unit_name, act.post_title].filter(Boolean).join(""), act.person_name && act.on_behalf_name ? `${act.person_name}（代${act.on_behalf_name}）` : act.person_name,
    act.verb_label || act.step, act.outcome, act.opinion].filter(Boolean).join("　");
  const rows = acts.map(line).filter(Boolean).map(text => make("li", {}, text));
  return rows.length ? make("details", {}, make("summary", {}, `办理过程（${rows.length}${found.next ? " 条以上" : ""}）`), make("ul", { class: "rows fields" }, ...rows)) : null;
}

async function traceOf(id) {
  const trace = await read(`${API}/trace/${encodeURIComponent(id)}?limit=1000`).catch(() => null);
  return trace && make("section", { class: "trace", "aria-label": "办理轨迹", tabindex: "0" }, make("h3", {}, "办理轨迹"), ...drawTrace(trace));
}
