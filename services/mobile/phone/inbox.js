"use strict";
// The boxes, their changes as they happen, and the way between the views.
const BOXES = [["todo", "待办"], ["to_read", "待阅"], ["done", "已办"], ["read", "已阅"], ["started", "我发起的"]];

let page = null;
function showInbox() {
  const tabs = make("nav", { role: "tablist", "aria-label": "事项" });
  const list = make("main", { id: "main", tabindex: "-1" });
  const find = make("input", { type: "search", placeholder: "标题、文号、发送人", "aria-label": "查找", value: state.q, onchange: event => { state.q = event.target.value; load(); } });
  const late = make("button", { "aria-pressed": state.overdue, class: state.overdue ? "main" : "", onclick: () => { state.overdue = !state.overdue; late.setAttribute("aria-pressed", state.overdue); late.className = state.overdue ? "main" : ""; load(); } }, "超期");
  const download = make("button", { onclick: exportBox }, "导出");
  const said = make("p", { class: "note", role: "alert", hidden: true });
  const who = make("span", { class: "soft" }, `${state.session.name} ${state.session.acting.title}`);
  root.replaceChildren(
    make("header", {}, make("div", { class: "bar" }, make("h1", {}, "移动办公"), who, make("button", { class: "plain", onclick: signOut }, "退出")), tabs, make("div", { class: "find" }, find, late, download)),
    list);
  page = { tabs, list, said, reload: load };
  if (state.session.must_change_password) { said.textContent = "您仍在使用初始口令，请尽快修改。"; said.hidden = false; }
  draw();
  load();
}

function filters() {
  const query = new URLSearchParams({ box: state.box });
  if (state.q.trim()) query.set("q", state.q.trim());
  if (state.overdue) query.set("overdue", "true");
  return query;
}

async function load(more) {
  try {
    const query = filters();
    if (more === true) query.set("after", state.next);
    const found = await read(`${API}/inbox?${query}`);
    state.items = more === true ? state.items.concat(found.items) : found.items;
    state.next = found.next;
    if (more !== true) state.counts = await read(`${API}/inbox/counts`);
    draw();
  } catch (error) { say(error); }
}

function say(error) { if (page?.said) { page.said.textContent = error.message; page.said.hidden = false; draw(); } }

function draw() {
  if (!page?.tabs) return;
  const tab = ([box, name]) => make("button", { role: "tab", "aria-selected": String(box === state.box), onclick: () => { state.box = box; load(); } }, name, make("b", {}, String(state.counts[box] ?? "")));
  const leads = LEADER_VIEWS.some(view => state.may.has(view.permission));
  const held = page.tabs.contains(document.activeElement) ? [...page.tabs.children].indexOf(document.activeElement) : -1;
  page.tabs.replaceChildren(...BOXES.map(tab), ...(leads ? [make("button", { role: "tab", "aria-selected": "false", onclick: () => go("leader") }, "领导")] : []));
  if (held >= 0) page.tabs.children[held]?.focus();
  const cards = state.items.map(item => make("button", { class: "card", onclick: () => go("item", item.id) }, make("h2", {}, ...tags(item), item.title), summary(item)));
  const more = state.next ? make("button", { onclick: () => load(true) }, "更多") : null;
  page.list.replaceChildren(page.said, ...(cards.length ? cards : [make("p", { class: "empty" }, "这里没有事项")]), ...(more ? [more] : []));
}

function tags(item) {
  return [
    item.system !== "documents" && SYSTEMS[item.system] ? make("span", { class: "tag for" }, SYSTEMS[item.system].name) : null,
    item.urgency ? make("span", { class: "tag hot" }, item.urgency) : null,
    item.on_behalf_of ? make("span", { class: "tag for" }, `代${item.on_behalf_of.person_name}`) : null,
    item.reminders ? make("span", { class: "tag hot" }, `催办 ${item.reminders}`) : null].filter(Boolean);
}

function summary(item) {
  const due = item.deadline ? make("span", { class: item.overdue ? "late" : "" }, `　限 ${when(item.deadline)}${item.overdue ? " 已超期" : ""}`) : null;
  const steps = item.is_work ? (item.step ? `现在：${item.step}` : item.state_label) : `${item.step}　${item.sender_name} ${when(item.received_at)}`;
  return make("div", { class: "soft" }, [item.number, steps, postName(item.post)].filter(Boolean).join("　"), due);
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function exportBox() {
  try {
    const answer = await ask(`${API}/inbox/export?${filters()}`);
    save(await answer.blob(), BOXES.find(([box]) => box === state.box)[1] + ".xlsx");
  } catch (error) { say(error); }
}

// Each view has an address, so that the phone's own way back works.
function go(...parts) { location.hash = parts.map(encodeURIComponent).join("/"); }
const VIEWS = { "": showInbox, item: id => showItem(id), subject: (system, kind, id) => showSubject({ system, kind, id }), leader: () => showLeader() };
function route() {
  if (!state.session) { showSignIn(); return; }
  const [view, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  (VIEWS[view] || showInbox)(...rest);
  window.scrollTo(0, 0);
}
window.addEventListener("hashchange", route);

async function begin() {
  route();
  startStream();
  await learnPermissions().then(draw, say);
}

// The browser's EventSource sends no token, so the stream is read by hand.
let listening = null;
function stopStream() { if (listening) listening.abort(); listening = null; }
async function startStream() {
  if (listening) return;
  const mine = listening = new AbortController();
  let lastId = "", due = 0;
  const changed = () => { clearTimeout(due); due = setTimeout(() => page && page.reload(), 150); };
  while (!mine.signal.aborted) {
    try {
      const answer = await ask(API + "/stream", { signal: mine.signal, headers: lastId ? { "Last-Event-ID": lastId } : {} });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const frames = (rest + value).split("\n\n");
        rest = frames.pop();
        for (const frame of frames) {
          const id = /^id: (.*)$/m.exec(frame), kind = /^event: (.*)$/m.exec(frame);
          if (id) lastId = id[1];
          if (kind && kind[1] !== "ended") changed();
        }
      }
    } catch (error) { if (!state.session) return; }
    await new Promise(resolve => setTimeout(resolve, 3000));
  }
}
