"use strict";
// The fields of a form, by kind: each is a node to show, and what to send (undefined when it was left empty).
let fieldCount = 0;

function makeField(field, context) {
  const made = (KINDS[field.kind] || KINDS.line)(field, context);
  const named = { name: field.name, kind: field.kind, label: field.label, ...made };
  if (field.when) named.look = fields => {
    const shown = Object.entries(field.when).every(([name, values]) => values.includes(fields.find(one => one.name === name)?.value?.()));
    named.node.hidden = named.node.disabled = !shown;
  };
  // What is hidden is disabled too, or an empty field that must be filled would hold the form back unseen.
  if (field.when && named.node.tagName !== "FIELDSET") named.node = make("fieldset", { class: "plain" }, named.node);
  return named;
}

const mark = field => field.label + (field.required ? "（必填）" : "");
function labelled(field, input, ...more) {
  input.id = "field" + ++fieldCount;
  if (field.required) input.required = true;
  return make("div", {}, make("label", { for: input.id }, mark(field)), input, ...more);
}
function boxed(field, ...parts) { return make("fieldset", {}, make("legend", {}, mark(field)), ...parts); }

function simple(input, told = value => value) {
  return (field, { values }) => {
    const node = input(field), first = field.from ? at(values, field.from) : null;
    if (first != null) node.value = node.type === "datetime-local" ? localTime(first) : first;
    return { node: labelled(field, node), take: () => node.value.trim() ? told(node.value.trim()) : undefined };
  };
}
function localTime(text) {
  const moment = new Date(text);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

const KINDS = {
  line: simple(() => make("input", { type: "text" })),
  prose: simple(() => make("textarea", { rows: 3 })),
  number: simple(field => make("input", { type: "number", inputmode: "decimal", min: field.least, max: field.most, step: field.step || 1 }), Number),
  day: simple(() => make("input", { type: "date" })),
  moment: simple(() => make("input", { type: "datetime-local" }), value => new Date(value).toISOString()),
  choice: makeChoice,
  unit: (field, context) => chooser(field, context, { find: findUnits }),
  units: (field, context) => chooser(field, context, { find: findUnits, many: true }),
  post: (field, context) => chooser(field, context, { find: findPosts, first: ownPosts, many: false }),
  posts: (field, context) => chooser(field, context, { find: findPosts, first: ownPosts, many: true }),
  lead: makeLead,
  file: field => { const input = make("input", { type: "file" }); return { node: labelled(field, input), take: () => input.files[0] }; },
  upload: makeUpload,
  report: makeReport,
  rows: makeRows,
  group: makeGroup,
  acknowledge: makeAcknowledge,
  scan: makeScan,
};

function makeChoice(field, { values }) {
  const listed = field.from ? Object.fromEntries((at(values, field.from) || []).map(row => [row.code, row.name])) : field.options || {};
  const group = "choice" + ++fieldCount;
  const options = Object.entries(listed).sort(field.number ? ([one], [other]) => other - one : () => 0);
  const radios = options.map(([value, name]) => make("label", { class: "choice" }, make("input", { type: "radio", name: group, value, required: field.required }), name));
  const node = boxed(field, ...radios);
  const value = () => node.querySelector("input:checked")?.value;
  return { node, value, take: () => { const chosen = value(); return chosen === undefined ? undefined : field.boolean ? chosen === "true" : field.number ? Number(chosen) : chosen; } };
}

// Units by name, and posts by the name of their unit; each as [group, [[id, name], …]].
async function findUnits(text) {
  const found = await read(`${IDENTITY}/units?limit=50&search=${encodeURIComponent(text)}`);
  return [["", found.items.map(unit => [unit.id, unit.name])]];
}
async function findPosts(text, field) {
  const found = await read(`${IDENTITY}/units?limit=5&search=${encodeURIComponent(text)}`);
  return Promise.all(found.items.map(async unit => [unit.name, await postsOf(unit.id, field)]));
}
async function ownPosts(field) { return [["", await postsOf(field.permission ? "" : state.session.acting.unit_id, field)]]; }
async function postsOf(unitId, field) {
  const query = new URLSearchParams({ ...(unitId ? { unit_id: unitId } : {}), ...(field.permission ? { permission: field.permission } : { limit: 100 }) });
  const found = await read(`${field.permission ? "/api/documents" : IDENTITY}/posts?${query}`);
  const holders = post => post.holders.map(one => one.name || one.person_name || one).join("、");
  return found.items.map(post => [post.post_id || post.id, (post.label || post.title) + (holders(post) ? ` ${holders(post)}` : "")]);
}

function chooser(field, context, { find, first, many }) {
  const chosen = new Map();
  const select = make("select", { "aria-label": field.label });
  const search = make("input", { type: "search", placeholder: "按单位名称查找", "aria-label": `${field.label}：按单位名称查找` });
  const chips = make("div", { class: "chips", "aria-live": "polite" });
  const offer = (groups, nothing) => {
    const option = ([id, name]) => make("option", { value: id }, name);
    const count = groups.reduce((sum, [, rows]) => sum + rows.length, 0);
    select.replaceChildren(make("option", { value: "" }, count ? `请选择（${count}）` : nothing),
      ...groups.flatMap(([group, rows]) => group ? [make("optgroup", { label: group }, ...rows.map(option))] : rows.map(option)));
  };
  const draw = () => {
    select.required = Boolean(field.required) && !(many && chosen.size);
    chips.replaceChildren(...[...chosen].map(([id, name]) => make("button", { type: "button", "aria-label": `移除${name}`, onclick: () => { chosen.delete(id); draw(); } }, name + " ×")));
  };
  const add = (id, name) => { if (!many) chosen.clear(); chosen.set(id, name); if (many) { select.value = ""; draw(); } };
  select.addEventListener("change", () => { if (select.value) add(select.value, select.selectedOptions[0].textContent); else if (!many) chosen.clear(); });
  const look = async () => { if (search.value.trim()) offer(await find(search.value.trim(), field).catch(() => []), "没有找到，请换个名称"); };
  search.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); look(); } });
  let loaded = false;
  const load = async () => {
    if (loaded || !first) return;
    loaded = true;
    offer(await first(field).catch(() => []), "请按单位名称查找");
    for (const option of select.options) if ((field.usual || []).includes(option.value)) { add(option.value, option.textContent); if (!many) select.value = option.value; }
  };
  offer([], "请按单位名称查找");
  draw();
  const shaped = id => field.as ? { [field.as]: id } : id;
  return {
    node: boxed(field, select, make("div", { class: "with" }, search, make("button", { type: "button", onclick: look }, "查找")), many ? chips : ""),
    load,
    take: () => chosen.size ? (many ? [...chosen.keys()].map(shaped) : shaped([...chosen.keys()][0])) : undefined,
  };
}

function makeLead(field, context) {
  const lead = chooser({ ...field, label: "主办" }, context, { find: findPosts, first: ownPosts, many: false });
  const helpers = chooser({ ...field, label: "协办", usual: [], required: false }, context, { find: findPosts, first: ownPosts, many: true });
  return {
    node: boxed(field, lead.node, helpers.node),
    load: () => { lead.load(); helpers.load(); },
    take: () => lead.take() ? { lead_post_id: lead.take(), post_ids: helpers.take() || [] } : undefined,
  };
}

function makeUpload(field) {
  const input = make("input", { type: "file" });
  const take = async () => {
    if (!input.files[0]) return undefined;
    const form = new FormData();
    form.append("file", input.files[0]);
    return (await write(field.path, form)).id;
  };
  return { node: labelled(field, input), take };
}

// What no form has asked the unit before, each field of the kind that the dictionary says.
const REPORT_KINDS = { text: { kind: "line" }, integer: { kind: "number" }, number: { kind: "number", step: "any" }, date: { kind: "day" }, boolean: { kind: "choice", boolean: true, options: { true: "是", false: "否" } } };
function makeReport(field, context) {
  const asked = (at(context.values, field.from) || []).filter(one => one.value == null);
  const fields = asked.map(one => makeField({ name: one.code, required: one.required, label: one.name + (one.measure ? `（${one.measure}）` : ""),
    ...(REPORT_KINDS[one.kind] || { kind: "choice", options: Object.fromEntries(one.choices.map(choice => [choice, choice])) }) }, context));
  return { node: boxed(field, make("div", { class: "fields" }, ...fields.map(one => one.node))), take: () => takeAll(fields) };
}

function innerFields(field, context) {
  return field.fields.map(name => makeField({ name, ...context.table.fields[name] }, { ...context, values: {} }));
}
async function takeAll(fields) {
  const taken = await Promise.all(fields.map(async one => [one.name, await one.take()]));
  return Object.fromEntries(taken.filter(([, value]) => value !== undefined));
}

function makeRows(field, context) {
  const rows = [], list = make("div", { class: "fields" });
  const add = () => {
    const fields = innerFields(field, context);
    const row = { fields, node: make("fieldset", {}, make("legend", {}, `第 ${rows.length + 1} 项`), ...fields.map(one => one.node)) };
    if (rows.length || !field.required) row.node.append(make("button", { type: "button", onclick: () => { rows.splice(rows.indexOf(row), 1); row.node.remove(); } }, "移除此项"));
    rows.push(row);
    list.append(row.node);
    fields.forEach(one => one.load?.());
  };
  if (field.required) add();
  return { node: boxed(field, list, make("button", { type: "button", onclick: add }, "增加一项")), take: async () => rows.length ? Promise.all(rows.map(row => takeAll(row.fields))) : undefined };
}

function makeGroup(field, context) {
  const fields = innerFields(field, context);
  const inside = make("fieldset", { hidden: true, disabled: true }, make("legend", {}, field.label), ...fields.map(one => one.node));
  const box = make("input", { type: "checkbox", onchange: () => { inside.hidden = inside.disabled = !box.checked; } });
  return { node: make("div", {}, make("label", { class: "choice" }, box, field.label), inside), take: async () => box.checked ? takeAll(fields) : undefined };
}

// Warnings are read one by one; those that stand are sent back by their keys.
function makeAcknowledge(field, { base, values }) {
  const list = make("div", {});
  const show = findings => list.replaceChildren(...findings.map(one => make("label", { class: "choice" }, make("input", { type: "checkbox", value: one.key, required: true }), one.message)));
  const node = boxed(field, list);
  let loaded = false;
  const load = async () => {
    if (loaded) return;
    loaded = true;
    const found = field.ask ? await read(base + field.ask).catch(() => ({})) : values;
    show(at(found, field.from) || []);
    if (!list.children.length) list.append(make("p", { class: "soft" }, "没有提醒。"));
  };
  return { node, load, take: () => [...list.querySelectorAll("input:checked")].map(box => box.value) };
}

// The camera is used where the browser reads codes; everywhere the code can be typed in.
function makeScan(field) {
  const input = make("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "扫码或输入签到码" });
  const picture = make("video", { hidden: true, playsinline: true, muted: true });
  const heard = make("p", { class: "wrong", role: "alert", hidden: true });
  const scan = async () => {
    let camera = null;
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      camera = picture.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      picture.hidden = false;
      await picture.play();
      while (picture.isConnected && !picture.hidden) {
        const [found] = await detector.detect(picture);
        if (found) { input.value = found.rawValue; break; }
        await new Promise(resolve => setTimeout(resolve, 200));
      }
    } catch (error) { heard.textContent = "不能使用摄像头，请输入签到码。"; heard.hidden = false; }
    camera?.getTracks().forEach(track => track.stop());
    picture.hidden = true;
  };
  const able = "BarcodeDetector" in window && navigator.mediaDevices;
  const codeOf = text => /[?&]code=([^&]+)/.exec(text)?.[1] || text;
  return {
    node: labelled(field, input, able ? make("button", { type: "button", onclick: scan }, "打开摄像头扫码") : "", picture, heard),
    take: () => input.value.trim() ? codeOf(input.value.trim()) : undefined,
  };
}
