// The page of `pagereel watch`. The server sends the whole state after each change (studio_api.py has
// its fields), and the page shows it. What a tab keeps itself is only where it is and how it plays.
//
// All that comes from a scene or a story becomes text by textContent; nothing here makes HTML of it.

const find = (selector, root = document) => root.querySelector(selector);
const NEAR = 0.5; // seconds from a finding within which its spot is outlined
const PATIENCE = 1000; // milliseconds until a server that is gone is tried again

let state = null;
const tab = { scene: null, key: null, beat: 0, at: 0, playing: false, loop: false, speed: 1, finding: null };

// --- The picture ----------------------------------------------------------------------------------

// A still or film is gone that belonged to an older state; the next state is on its way.
class Gone extends Error {}

// One still and two videos lie on each other, and one of them is in front. A film is loaded and wound
// to its moment behind the picture that is seen, then comes to the front: nothing is ever blank.
class Screen {
  constructor(root) {
    this.nothing = find("#nothing", root);
    this.image = find("img", root);
    this.videos = [...root.querySelectorAll("video")];
    this.front = null; // an element
    this.shown = ""; // the name of the media in front
    this.turn = 0; // grows with each wish; what an older one waited for is dropped
    this.films = new Map(); // name -> promise of a blob's address
  }

  // The video in front, if a film is shown.
  get video() { return this.videos.includes(this.front) ? this.front : null; }

  get behind() { return this.videos.find((video) => video !== this.front); }

  clear() {
    this.turn++;
    this.bring(this.nothing, "");
  }

  async still(name) {
    if (this.shown === name) return;
    const turn = ++this.turn, image = new Image();
    image.src = `/media/${name}`;
    await image.decode().catch(() => { throw new Gone(name); });
    if (turn !== this.turn) return;
    image.alt = "";
    this.image.replaceWith(image);
    this.image = image;
    this.bring(image, name);
  }

  // Show a film at a second of it. `next` is the film that is likely to follow.
  async film(name, at, next) {
    const turn = ++this.turn;
    const video = this.shown === name && this.video || this.behind;
    if (!(await this.ready(video, name, at, turn))) return;
    this.bring(video, name);
    if (next) await this.ready(this.behind, next, 0, turn);
  }

  async ready(video, name, at, turn) {
    const address = await this.fetched(name);
    if (turn !== this.turn || !this.films.has(name)) return false; // dropped meanwhile: no beat has it
    if (video.dataset.media !== name) {
      video.dataset.media = name;
      video.src = address;
    }
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await happened(video, "loadeddata");
    if (turn !== this.turn) return false;
    if (Math.abs(video.currentTime - at) > 0.001) {
      video.currentTime = at;
      await happened(video, "seeked");
    }
    return turn === this.turn;
  }

  // Films are fetched whole: they are small, and the browser allows only six open connections.
  fetched(name) {
    if (!this.films.has(name)) {
      const film = fetch(`/media/${name}`).then(async (answer) => {
        if (!answer.ok) throw new Gone(name);
        return URL.createObjectURL(await answer.blob());
      });
      film.catch(() => this.films.delete(name));
      this.films.set(name, film);
    }
    return this.films.get(name);
  }

  // Drop the films that no beat has any more.
  keep(names) {
    const used = this.videos.map((video) => video.dataset.media);
    for (const [name, film] of this.films) {
      if (names.has(name) || used.includes(name)) continue;
      this.films.delete(name);
      film.then(URL.revokeObjectURL, () => {});
    }
  }

  bring(element, name) {
    if (this.front !== element) {
      this.front?.classList.remove("front");
      element.classList.add("front");
      this.front = element;
    }
    this.shown = name;
    for (const video of this.videos) if (video !== element) video.pause();
    find("#screen").dataset.shown = name;
    showWhose(here());
    play();
  }
}

function happened(video, event) {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, resolve, { once: true });
    video.addEventListener("error", () => reject(video.error), { once: true });
  });
}

const screen = new Screen(find("#picture"));

const here = () => state?.beats[tab.beat];

function present() {
  const beat = here();
  const next = tab.loop ? null : state.beats[tab.beat + 1]?.film;
  const shown = !beat ? screen.clear()
    : beat.film ? screen.film(beat.film, Math.min(tab.at, Math.max(0, beat.seconds - 0.001)), next)
    : beat.still ? screen.still(beat.still.media)
    : screen.clear();
  shown?.catch((error) => { if (!(error instanceof Gone)) console.warn(error); });
}

// --- Playing --------------------------------------------------------------------------------------

function play() {
  const video = screen.video;
  if (!video) return;
  video.playbackRate = tab.speed;
  video.loop = tab.loop;
  if (tab.playing && video.paused) video.play().catch(() => {}); // broken off by the next wish
  if (!tab.playing && !video.paused) video.pause();
}

function setPlaying(playing) {
  const last = state.beats.length - 1;
  const isOver = tab.beat === last && tab.at > here().seconds - 0.05;
  tab.playing = playing;
  if (playing && isOver && !tab.loop) go(0, 0);
  if (playing) { tab.finding = null; requestAnimationFrame(follow); }
  play();
  showControls();
  showPlace();
  reportPlace();
}

function follow() {
  const beat = here();
  if (!tab.playing || !beat) return;
  if (!beat.film && !beat.seconds) goOn(); // a still, which has no film
  if (screen.video && screen.shown === beat.film && !screen.video.seeking) {
    tab.at = screen.video.currentTime;
    showPlace();
    reportPlace(1000);
  }
  requestAnimationFrame(follow);
}

for (const video of screen.videos) {
  video.addEventListener("ended", () => {
    if (video === screen.front && tab.playing) goOn();
  });
}

function goOn() {
  if (tab.beat + 1 < state.beats.length) go(tab.beat + 1, 0);
  else { tab.at = here().seconds; setPlaying(false); }
}

function go(beat, at) {
  if (!state?.beats.length) return;
  tab.beat = Math.max(0, Math.min(beat, state.beats.length - 1));
  tab.at = at;
  tab.key = keys()[tab.beat];
  tab.finding = null;
  present();
  showPlace();
  reportPlace();
}

// Report to the studio where this tab is, once it rests there.
let reporting = 0, reported = 0;
function reportPlace(pause = 60) {
  if (pause > 60 && performance.now() - reported < pause) return;
  clearTimeout(reporting);
  reported = performance.now();
  reporting = setTimeout(() => {
    if (here()) post("/look", { beat: tab.beat, at: tab.at });
  }, pause > 60 ? 0 : pause);
}

// One after the other: of two requests at once, the server may see the later one first.
let posted = Promise.resolve("");
function post(path, wish) {
  posted = posted.then(() => send(path, wish));
  return posted;
}

async function send(path, wish) {
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
    });
    return answer.status === 422 ? (await answer.json()).message : "";
  } catch {
    return ""; // the server is gone, which its stream has noticed, too
  }
}

// --- The state ------------------------------------------------------------------------------------

let stream = null, trying = 0;
function connect() {
  clearTimeout(trying);
  stream?.close();
  stream = new EventSource("/events");
  let isFirst = true;
  stream.addEventListener("state", (event) => {
    setGone(false);
    take(JSON.parse(event.data));
    if (isFirst) reportPlace();
    isFirst = false;
  });
  stream.addEventListener("error", () => {
    stream.close();
    setGone(true);
    trying = setTimeout(connect, PATIENCE);
  });
}

function setGone(gone) {
  find("#gone").hidden = !gone;
  find("#screen").classList.toggle("unsure", gone);
}

// A tab that is not seen keeps no connection, of which a browser has few. One that is seen again asks
// at once, and until the answer is there its picture is not shown as the present one.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) { connect(); return; }
  stream?.close();
  clearTimeout(trying);
  find("#screen").classList.add("unsure");
});
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });

// Beats have names, and several may have the same one.
function keys() {
  const seen = new Map();
  return state.beats.map(({ name }) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return `${seen.get(name)} ${name}`;
  });
}

function take(next) {
  const isOther = next.scene !== tab.scene;
  state = next;
  tab.scene = state.scene;
  if (isOther) Object.assign(tab, { key: null, beat: 0, at: 0, finding: null });
  if (state.beats.length) keepPlace();
  screen.keep(new Set(state.beats.map((beat) => beat.film)));
  showHead();
  showBeats();
  showPlace();
  showError();
  presentChange();
}

// The same moment of the same beat, as far as it is still there.
function keepPlace() {
  const found = keys().indexOf(tab.key);
  if (found < 0 && tab.key !== null) tab.at = 0;
  tab.beat = found < 0 ? Math.min(tab.beat, state.beats.length - 1) : found;
  tab.at = Math.min(tab.at, here().seconds);
  tab.key = keys()[tab.beat];
}

// A film that is shown goes on where it is, unless there is another one now.
function presentChange() {
  const beat = here();
  if (beat && screen.shown !== "" && screen.shown === (beat.film ?? beat.still?.media)) return;
  present();
}

// --- What is shown of the state -------------------------------------------------------------------

function make(tag, properties = {}, ...inner) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inner);
  return made;
}

const place = ({ file, line }) => (file ? (line ? `${file}:${line}` : file) : "");
const seconds = (count) => count.toFixed(1);

function showHead() {
  const asks = state.scene === null && state.scenes.length > 0;
  find("#which").hidden = !asks;
  find("#film").hidden = asks;
  find("#beats").hidden = asks;
  find("#scene").textContent = state.scene ?? "pagereel watch";
  find("#source").textContent = [state.file, state.story].filter(Boolean).join("  ");
  find("#status").textContent = state.busy;
  find("#status").classList.toggle("busy", state.busy !== "");
  find("#picture").style.setProperty("--ratio", state.width / state.height || 16 / 9);
  const several = state.scenes.length > 1 && state.scene !== null;
  find("#scenes").hidden = !several;
  find("#scene").hidden = several;
  choices(find("#which ul"), "scene", (name) => make("li", {}, wish("scene", name)));
  choices(find("#scenes select"), "scene", (name) => make("option", { textContent: name }));
  if (several) find("#scenes select").value = state.scene;
  for (const kind of ["shape", "theme"]) {
    choices(find(`#${kind}s`), kind, (name) => wish(kind, name));
    for (const button of find(`#${kind}s`).children) {
      button.setAttribute("aria-pressed", button.textContent === state[kind]);
    }
  }
  find("#printed").hidden = !state.printed;
  find("#printed pre").textContent = state.printed;
}

// Fill an element with something for each name there is, unless it has that already.
function choices(element, kind, made) {
  const names = JSON.stringify(state[`${kind}s`]);
  if (element.dataset.names === names) return;
  element.dataset.names = names;
  element.replaceChildren(...state[`${kind}s`].map(made));
}

function wish(kind, name) {
  return make("button", { textContent: name, onclick: () => choose(kind, name) });
}

async function choose(kind, name) {
  const refused = await post("/choose", { [kind]: name });
  find("#refused").textContent = refused;
  find("#refused").hidden = !refused;
}

find("#scenes select").addEventListener("change", (event) => choose("scene", event.target.value));

let drawn = "";
function showBeats() {
  const now = JSON.stringify(state.beats);
  if (now === drawn) return;
  drawn = now;
  const focused = document.activeElement?.dataset.focus;
  find("#line ol").replaceChildren(...state.beats.map(tick));
  find("#beats ol").replaceChildren(...state.beats.map(entry));
  if (focused) [...document.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused)?.focus();
}

const lacksFilm = (beat) => !beat.film && beat.seconds > 0;

function marks(beat) {
  const names = { stale: beat.stale, missing: lacksFilm(beat), found: beat.findings.length > 0 };
  return Object.keys(names).filter((name) => names[name]).join(" ");
}

function tick(beat) {
  const says = beat.captions.map((caption) => caption.text).join(" ");
  const made = make("li", { className: marks(beat), title: `${beat.name}\n${says}` },
    make("b", { textContent: beat.name }), make("span", { textContent: says }));
  const share = state.seconds > 0 ? beat.seconds / state.seconds : 1;
  made.style.flex = `${Math.max(100 * share, 1)} 1 0`;
  return made;
}

function entry(beat) {
  const open = make("button", { textContent: beat.name });
  open.dataset.focus = `beat ${beat.number}`;
  const made = make("li", { className: marks(beat), onclick: () => go(beat.number, 0) },
    make("h3", {}, open, make("small", { textContent: `${seconds(beat.seconds)} s` })),
    make("p", { className: "place", textContent: place(beat) }));
  for (const { text } of beat.captions) made.append(make("p", { className: "caption", textContent: text }));
  if (beat.stale) made.append(make("p", { className: "state", textContent: "from before the last save" }));
  else if (lacksFilm(beat)) made.append(make("p", { className: "state", textContent: "film not drawn yet" }));
  made.append(...beat.findings.map((finding, number) => spotted(beat, finding, number)));
  if (beat.checked && !beat.stale && !beat.findings.length) made.append(make("p", { className: "clean", textContent: "checked: nothing found" }));
  return made;
}

function spotted(beat, finding, number) {
  const button = make("button", {
    onclick: (event) => {
      event.stopPropagation();
      if (tab.playing) setPlaying(false);
      go(beat.number, finding.at);
      tab.finding = number;
      showPlace();
    },
  }, make("b", { textContent: finding.rule }), ` at ${seconds(finding.at)} s: ${finding.message}`);
  button.dataset.focus = `finding ${beat.number} ${number}`;
  return make("div", { className: "finding" }, button);
}

function showError() {
  const { error } = state;
  find("#error").hidden = !error;
  find("#error .message").textContent = error?.message ?? "";
  find("#error .place").textContent = error ? place(error) : "";
  find("#error .text").textContent = error?.text ?? "";
  find("#error .text").hidden = !error?.text;
  document.title = `${error ? "Error: " : ""}${state.scene ?? "pagereel"} · watch`;
}

// --- Where this tab is ----------------------------------------------------------------------------

let shownBeat = null;
function showPlace() {
  const beat = here();
  showWhose(beat);
  const caption = beat?.captions.find(({ start, end }) => start <= tab.at && tab.at < end);
  setText(find("#caption"), caption?.text ?? "");
  setText(find("#time"), beat ? `${seconds(beat.start + tab.at)} of ${seconds(state.seconds)} s` : "");
  for (const list of [find("#line ol"), find("#beats ol")]) {
    [...list.children].forEach((item, number) => item.classList.toggle("here", number === tab.beat));
  }
  showCursor(beat);
  showSpots(beat);
  if (shownBeat !== tab.beat) intoView(find("#beats"), find("#beats ol").children[tab.beat]);
  shownBeat = tab.beat;
}

// A picture that is not the present one of this beat says so: it is of an older state, or of another
// beat, while the right one is loaded.
function showWhose(beat) {
  const names = ({ film, still }) => [film, still?.media];
  const isOurs = !beat || !screen.shown || names(beat).includes(screen.shown);
  const isOld = Boolean(beat?.stale) || !(isOurs || state.beats.flatMap(names).includes(screen.shown));
  find("#screen").classList.toggle("stale", isOld);
  find("#stale").hidden = !isOld;
  find("#loading").hidden = isOld || isOurs;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showCursor(beat) {
  const item = find("#line ol").children[tab.beat];
  find("#now").hidden = !item;
  if (!item) return;
  const share = beat.seconds > 0 ? Math.min(tab.at / beat.seconds, 1) : 0;
  find("#now").style.left = `${item.offsetLeft + share * item.offsetWidth}px`;
  const line = find("#line");
  line.setAttribute("aria-valuemax", seconds(state.seconds));
  line.setAttribute("aria-valuenow", seconds(beat.start + tab.at));
  line.setAttribute("aria-valuetext", `${beat.name}, ${seconds(tab.at)} of ${seconds(beat.seconds)} s`);
}

let outlined = "";
function showSpots(beat) {
  const findings = (beat?.findings ?? []).map((finding, number) => ({ ...finding, chosen: number === tab.finding }));
  const near = findings.filter(({ at, box, chosen }) => box && (chosen || Math.abs(at - tab.at) <= NEAR));
  [...document.querySelectorAll("#beats .here .finding button")].forEach((button, number) =>
    button.setAttribute("aria-pressed", number === tab.finding));
  const now = JSON.stringify(near);
  if (now === outlined) return;
  outlined = now;
  find("#spots").replaceChildren(...near.map(({ box: [left, top, right, bottom], message, chosen }) => {
    const spot = make("i", { title: message, className: chosen ? "chosen" : "" });
    const sides = { left, top, width: right - left, height: bottom - top };
    for (const [side, share] of Object.entries(sides)) spot.style[side] = `${share * 100}%`;
    return spot;
  }));
}

function intoView(panel, item) {
  if (!item || panel.scrollHeight <= panel.clientHeight) return;
  const top = item.offsetTop - panel.offsetTop;
  if (top < panel.scrollTop) panel.scrollTop = top;
  const bottom = top + item.offsetHeight - panel.clientHeight;
  if (bottom > panel.scrollTop) panel.scrollTop = Math.min(bottom, top);
}

// --- Buttons, keys, pointer -----------------------------------------------------------------------

function showControls() {
  const name = tab.playing ? "Pause" : "Play";
  find("#play").classList.toggle("playing", tab.playing);
  find("#play").title = `${name} (space)`;
  find("#play").setAttribute("aria-label", name);
  find("#loop").setAttribute("aria-pressed", tab.loop);
}

function setLoop(loop) {
  tab.loop = loop;
  play();
  showControls();
}

function setFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else find("#screen").requestFullscreen();
}

const step = (count) => go(tab.beat + count, 0);
const toggle = () => { if (here()) setPlaying(!tab.playing); };

find("#play").addEventListener("click", toggle);
find("#back").addEventListener("click", () => step(-1));
find("#on").addEventListener("click", () => step(1));
find("#loop").addEventListener("click", () => setLoop(!tab.loop));
find("#full").addEventListener("click", setFull);
find("#picture").addEventListener("click", toggle);
find("#speed").addEventListener("change", (event) => { tab.speed = Number(event.target.value); play(); });

const KEYS = { " ": toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1), l: () => setLoop(!tab.loop), f: setFull };
addEventListener("keydown", (event) => {
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const types = event.target.matches("select, summary") || (event.key === " " && event.target.matches("button"));
  if (!act || types || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});

const line = find("#line");
function seek(event) {
  const items = [...find("#line ol").children];
  const index = items.findLastIndex((item) => item.getBoundingClientRect().left <= event.clientX);
  if (!items.length) return;
  const { left, width } = items[Math.max(index, 0)].getBoundingClientRect();
  const share = Math.max(0, Math.min((event.clientX - left) / width, 1));
  go(Math.max(index, 0), share * state.beats[Math.max(index, 0)].seconds);
}
line.addEventListener("pointerdown", (event) => {
  line.setPointerCapture(event.pointerId);
  seek(event);
});
line.addEventListener("pointermove", (event) => { if (line.hasPointerCapture(event.pointerId)) seek(event); });
new ResizeObserver(() => { if (here()) showCursor(here()); }).observe(line);

// A tab that is loaded again is where it was.
addEventListener("pagehide", () => {
  const { scene, key, beat, at } = tab;
  sessionStorage.setItem("place", JSON.stringify({ scene, key, beat, at }));
});
Object.assign(tab, JSON.parse(sessionStorage.getItem("place") ?? "{}"));

connect();
