"use strict";
// The acts that the viewer may do now, each a form made from the system's table.

// What may be done is told by the service: as a list of acts, as the form of a step of a flow, or by the open step.
async function actsOf(context) {
  const { table, shape, subject, open, base } = context;
  const offers = [];
  const offer = (verb, more = {}) => {
    const act = [table.acts[verb]].flat().find(one => one && holds(one.if, subject));
    if (act) offers.push(...(act.each ? eachRow(act, subject, more) : [{ act, ...more }]));
  };
  for (const told of shape.told ? subject[shape.told] : []) offer(told.verb, { label: told.label, itemId: told.item_id, postId: told.post_id });
  for (const verb of shape.also) offer(verb);
  for (const item of open) {
    const own = shape.steps?.[item.step_id] || [];
    for (const verb of own) offer(verb, { itemId: item.id });
    if (shape.flow && !own.length) await offerFlow(shape, item, await read(base + fill(shape.flow, { item_id: item.id }) + "/form").catch(() => null), offer);
  }
  return offers.map(one => actForm(context, one));
}

function eachRow(act, subject, more) {
  const [path, conditions, names] = act.each;
  return (at(subject, path) || []).filter(row => holds(conditions, row))
    .map(row => ({ act, row, about: names.map(name => at(row, name)).filter(Boolean).join(" "), ...more }));
}

// A step of a flow says itself what it asks, who comes next, and where it may go back to; who was only asked for a word says no more than that.
async function offerFlow(shape, item, form, offer) {
  if (item.role === "reader") { offer("read", { itemId: item.id }); return; }
  if (!form) return;
  const outcomes = Object.fromEntries(form.outcomes.map(one => [one.value, one.label]));
  const extra = [
    ...form.asks.map(one => ({ name: "variables." + one.name, label: one.label, ...askKind(one) })),
    ...form.coming.map(one => ({ name: "choices." + one.step_id + (one.with_lead ? "" : ".post_ids"), label: `${one.name}（${one.optional ? "可不选" : "请选择"}）`, kind: one.with_lead ? "lead" : "posts", permission: one.permission, usual: one.usual })),
    ...(item.role === "signer" ? [] : shape.extras[item.step_id] || [])];
  offer("complete", { label: item.step, itemId: item.id, options: { outcome: outcomes }, without: form.outcomes.length ? [] : ["outcome"], extra, from: form });
  if (form.verbs.includes("return") && form.earlier.length) offer("return", { itemId: item.id, options: { step_id: Object.fromEntries(form.earlier.map(one => [one.step_id, one.name])) } });
  for (const verb of ["transfer", "add_signer"]) if (form.verbs.includes(verb)) offer(verb, { itemId: item.id });
}
function askKind(asked) {
  if (asked.type === "boolean") return { kind: "choice", boolean: true, options: { true: "是", false: "否" } };
  if (asked.values.length) return { kind: "choice", options: Object.fromEntries(asked.values.map(value => [value, value])) };
  return { kind: asked.type === "integer" ? "number" : "line" };
}

function actForm(context, { act, label, about, row, itemId, postId, options = {}, without = [], extra = [], from = {} }) {
  const { table, base, subject, quiet, done } = context;
  const heard = make("p", { class: "wrong", role: "alert", hidden: true });
  const fields = [...act.fields.filter(name => !without.includes(name)), ...extra].map(one => {
    const field = typeof one === "string" ? { name: one, ...table.fields[one] } : one;
    return makeField({ ...field, ...(options[field.name] ? { options: options[field.name] } : {}) }, { ...context, values: { ...subject, ...from } });
  });
  const key = { now: newKey() };
  const submit = async event => {
    event.preventDefault();
    const button = event.submitter || event.target.querySelector("button.main");
    button.disabled = true;
    heard.hidden = true;
    quiet();
    event.target.querySelectorAll("[aria-invalid]").forEach(input => input.removeAttribute("aria-invalid"));
    try {
      const path = under(base, fill(act.path, { item_id: itemId, row, id: subject.id }));
      const body = await bodyOf(fields, { ...act.sends, ...(postId && postId !== state.session.acting.post_id ? { for_post_id: postId } : {}) });
      const answer = await write(path, body, { key: key.now });
      await done(`已办理：${label || act.label}${act.says && answer?.[act.says] ? "　" + answer[act.says] : ""}`);
    } catch (error) {
      if (error.status) key.now = newKey();
      tellRefusal(heard, fields, error);
    }
    button.disabled = false;
  };
  const shown = () => fields.forEach(field => field.look?.(fields));
  const form = make("form", { onsubmit: submit, onchange: shown }, about ? make("p", { class: "soft" }, about) : null, ...fields.map(field => field.node), heard, make("button", { class: "main" }, "确定"));
  shown();
  return make("details", { class: "act", ontoggle: event => { if (event.target.open) fields.forEach(field => field.load?.()); } },
    make("summary", {}, label || act.label, about ? make("span", { class: "soft" }, "　" + about) : ""), form);
}

// Names with a dot lie one level deeper; what was left empty is not sent.
async function bodyOf(fields, sends) {
  const upload = fields.find(field => field.kind === "file");
  if (upload) { const form = new FormData(); form.append("file", upload.take()); return form; }
  const body = { ...sends };
  for (const field of fields) {
    const value = field.node.hidden ? undefined : await field.take();
    if (value === undefined) continue;
    const path = field.name.split(".");
    path.slice(0, -1).reduce((deep, name) => deep[name] ??= {}, body)[path.at(-1)] = value;
  }
  return body;
}

// The refusal stands above the button; what concerns a field names it.
function tellRefusal(heard, fields, error) {
  const lines = Object.entries(error.fields || {}).flatMap(([name, messages]) => {
    const field = fields.find(one => one.name === name || name.startsWith(one.name + "."));
    field?.node.querySelectorAll("input, select, textarea").forEach(input => input.setAttribute("aria-invalid", "true"));
    const news = flatten(messages).filter(message => !error.message.includes(message));
    return news.length ? [`${field?.label || name}：${news.join("；")}`] : [];
  });
  heard.textContent = [error.message, ...lines].join("\n");
  heard.hidden = false;
  heard.scrollIntoView({ block: "nearest" });
}
const flatten = messages => typeof messages === "string" ? [messages] : Object.values(messages || {}).flatMap(flatten);
