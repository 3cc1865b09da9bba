"use strict";
// Who is signed in, how the suite is asked, and how its answers are said.
const API = "/api/mobile", IDENTITY = "/api/identity";
const state = { session: JSON.parse(sessionStorage.getItem("yiwang") || "null"), may: new Set(), box: "todo", q: "", overdue: false, items: [], next: null, counts: {} };
const root = document.getElementById("root");

// Texts from the server are only ever set as text, never as markup.
function make(name, facts, ...children) {
  const node = name.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(facts || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter(child => child != null && child !== ""));
  return node;
}
const when = text => text ? new Date(text).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }) : "";
const postName = post => post ? post.unit_name + post.title : "";

function keep(session) {
  state.session = session;
  if (session) sessionStorage.setItem("yiwang", JSON.stringify(session)); else sessionStorage.removeItem("yiwang");
}

// A refusal as the suite words it: what, why, and which fields.
async function problemOf(answer) {
  const body = await answer.json().catch(() => ({}));
  const problem = new Error([body.title || "暂时无法完成", body.detail].filter(Boolean).join("："));
  problem.status = answer.status;
  problem.fields = body.errors || {};
  return problem;
}

async function send(path, body) {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

let refreshing = null;
function refresh() {
  refreshing = refreshing || (async () => {
    const answer = await send(IDENTITY + "/refresh", { refresh_token: state.session.refresh_token });
    if (!answer.ok) { keep(null); showSignIn("登录已失效，请重新登录。"); throw await problemOf(answer); }
    keep({ ...state.session, ...await answer.json() });
  })().finally(() => { refreshing = null; });
  return refreshing;
}

async function ask(path, options = {}) {
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(path, { ...options, headers: { ...options.headers, Authorization: "Bearer " + state.session.access_token } });
    if (answer.ok) return answer;
    if (answer.status !== 401 || attempt) throw await problemOf(answer);
    await refresh();
  }
}
const read = async path => (await ask(path)).json();

// Requests that are sent again after a broken line carry the same key, so that nothing is done twice.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
}
async function write(path, body, { method = "POST", key = newKey() } = {}) {
  const form = body instanceof FormData;
  const headers = { "Idempotency-Key": key, ...(form ? {} : { "Content-Type": "application/json" }) };
  const answer = await ask(path, { method, headers, body: form ? body : JSON.stringify(body || {}) });
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : null;
}

async function learnPermissions() {
  state.may = new Set((await read(IDENTITY + "/me")).permissions);
}

// Work of another of one's own posts is done in that post.
async function actAs(postId) {
  if (!postId || state.session.acting.post_id === postId || !state.session.posts.some(post => post.post_id === postId)) return;
  keep({ ...state.session, ...await write(IDENTITY + "/switch-post", { post_id: postId }) });
  await learnPermissions();
}

function showSignIn(notice) {
  stopStream();
  page = null;
  const login = make("input", { name: "login_name", autocomplete: "username", placeholder: "登录名", "aria-label": "登录名", required: true });
  const password = make("input", { name: "password", type: "password", autocomplete: "current-password", placeholder: "口令", "aria-label": "口令", required: true });
  const said = make("p", { class: "note", role: "alert", hidden: !notice }, notice || "");
  const submit = async event => {
    event.preventDefault();
    const answer = await send(IDENTITY + "/login", { login_name: login.value, password: password.value });
    if (!answer.ok) { said.textContent = (await problemOf(answer)).message; said.hidden = false; return; }
    keep(await answer.json());
    begin();
  };
  root.replaceChildren(make("form", { class: "in", onsubmit: submit },
    make("h1", {}, "一网协同"), make("p", { class: "soft" }, "移动办公"), said, login, password, make("button", { class: "main" }, "登录")));
}

async function signOut() {
  await ask(IDENTITY + "/logout", { method: "POST" }).catch(() => null);
  keep(null);
  showSignIn();
}
