"use strict";
// The trace of a piece of work, as a picture.
const COLOURS = ["#b3261e", "#1d6fa5", "#2e7d32", "#8e5a00", "#6a3fa0", "#00796b", "#ad1457", "#455a64"];
const OTHERS = { identity: "组织人员", archives: "档案", mobile: "移动办公" };

// Each matter and service is a lane, each event a point on it, from the oldest at the top; a line from lane to lane
// shows what led to what.
function drawTrace(trace) {
  if (!trace.items.length) return [make("p", { class: "empty" }, "还没有记录")];
  const lanes = [...new Set(trace.items.map(line => line.service + line.about_id))];
  const row = 58, gap = 22, left = 14, top = 14;
  const text = left + lanes.length * gap + 4;
  const place = new Map(trace.items.map((line, index) => [line.id, { x: left + lanes.indexOf(line.service + line.about_id) * gap, y: top + index * row }]));
  const colour = line => COLOURS[lanes.indexOf(line.service + line.about_id) % COLOURS.length];
  const last = {}, paths = [], points = [];
  for (const line of trace.items) {
    const here = place.get(line.id), lane = line.service + line.about_id;
    const from = last[lane] || place.get(line.causation_id);
    if (from) paths.push(make("svg:path", { class: "lane", stroke: colour(line), d: from.x === here.x ? `M${from.x} ${from.y}V${here.y}` : `M${from.x} ${from.y}C${from.x} ${here.y - row / 2} ${here.x} ${from.y + row / 2} ${here.x} ${here.y}` }));
    last[lane] = here;
    points.push(make("svg:circle", { cx: here.x, cy: here.y, r: line.rank === "milestone" ? 8 : 5, fill: colour(line) }),
      put(text, here.y + 5, "", line.sentence),
      put(text, here.y + 23, "who", [when(line.at), line.person_name, postName(line.post), line.on_behalf_of && `代${line.on_behalf_of}`].filter(Boolean).join("　")));
  }
  const widest = Math.max(...trace.items.map(line => (line.sentence.length + 2) * 14), 330);
  const names = lanes.map((lane, index) => {
    const line = trace.items.find(item => item.service + item.about_id === lane);
    const about = trace.subjects.find(subject => subject.id === line.about_id);
    const dot = make("i", {});
    dot.style.background = COLOURS[index % COLOURS.length];
    return make("span", {}, dot, (SYSTEMS[line.service]?.name || OTHERS[line.service] || line.service) + (about && about.subject_kind === "incoming" ? "（收文）" : ""));
  });
  const high = top + trace.items.length * row;
  return [make("div", { class: "legend soft" }, ...names), make("svg:svg", { width: text + widest, height: high, viewBox: `0 0 ${text + widest} ${high}`, role: "img" }, ...paths, ...points)];
}
function put(x, y, kind, words) { return make("svg:text", { x, y, class: kind }, words); }
