// A reader for an app, with types by openapi-typescript: it shows lists, keeps articles for when there is no network,
// and forgets what was withdrawn. Where a notice is due, nothing stays on the device: a copy is evidence there.
//
//   npx openapi-typescript https://content.example.org/v1/openapi.json -o contract.d.ts
//   node reader-openapi-typescript.js https://content.example.org en kept.json

import { readFile, writeFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

type Article = components["schemas"]["PublicArticle"];
type Picture = components["schemas"]["CardPicture"];
type Notice = components["schemas"]["LegalNotice"];
type Copy = { version: number; etag: string; article: Article };
type Kept = { cursor?: string; copies: Record<string, Copy> };

const [address = "", language = "en", file = "kept.json", ...flags] = process.argv.slice(2);
const headers = flags[0] ? { "CloudFront-Viewer-Country": flags[0] } : {}; // believed on a developer's machine alone
const api = createClient<paths, "application/json">({ baseUrl: address, headers, fetch: patient });

// 429 and 503 pass. They say after how many seconds to ask again.
async function patient(request: Request): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(request.clone());
    if ((answer.status !== 429 && answer.status !== 503) || attempt === 4) return answer;
    const seconds = Number(answer.headers.get("Retry-After") ?? attempt);
    await new Promise((done) => setTimeout(done, 1000 * seconds));
  }
}

async function opened(): Promise<Kept> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Kept;
  } catch {
    return { copies: {} };
  }
}

// The notices come first, whatever is shown.
function showNotices(notices: Notice[]): void {
  for (const notice of notices) console.log(`NOTICE ${notice.language} ${notice.text.split("\n")[0]}`);
}

// The smallest file that fills a screen of 320 points.
function addressOf(picture: Picture | null | undefined): string {
  const files = [...(picture?.renditions ?? [])].sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
  return (files.find((each) => (each.width ?? 0) >= 320) ?? files.at(-1))?.url ?? "no picture";
}

async function showList(): Promise<void> {
  const { data, response } = await api.GET("/v1/articles", { params: { query: { language: [language], limit: 3 } } });
  if (!data) throw new Error(`no list: ${response.status}`);
  showNotices(data.legal_notices);
  for (const card of data.articles)
    console.log(`CARD ${card.direction} ${card.headline} | ${addressOf(card.lead_image)}`);
}

// Asks for the version that a change names, so that no older copy of a cache comes in its place.
async function fetchInto(kept: Kept, id: string, version: number): Promise<void> {
  const copy = kept.copies[id];
  if (copy && copy.version >= version) return;
  const { data, response } = await api.GET("/v1/articles/{id}", { params: { path: { id }, query: { version } } });
  if (response.status === 404 || response.status === 410) return forget(kept, id);
  if (!data) throw new Error(`${id} cannot be had now: ${response.status}`);
  kept.copies[id] = { version: data.version ?? version, etag: response.headers.get("ETag") ?? "", article: data };
}

function forget(kept: Kept, id: string): void {
  if (!(id in kept.copies)) return;
  delete kept.copies[id];
  console.log(`FORGOTTEN ${id}`);
}

async function follow(kept: Kept): Promise<void> {
  for (let isComplete = false; !isComplete; ) {
    const query = { language: [language], ...(kept.cursor ? { cursor: kept.cursor } : {}) };
    const { data, response } = await api.GET("/v1/changes", { params: { query } });
    if (response.status === 410) return console.log("The cursor is too old: take everything again.");
    if (!data) throw new Error(`no changes: ${response.status}`);
    const last = new Map(data.changes.map((change) => [change.id, change])); // of two changes of one article
    for (const change of last.values())
      if (change.change === "withdraw") forget(kept, change.id);
      else await fetchInto(kept, change.id, change.version);
    kept.cursor = data.next_cursor;
    isComplete = data.is_complete;
    await writeFile(file, JSON.stringify(kept));
  }
  console.log(`KEPT ${Object.keys(kept.copies).length}`);
}

async function confirm(id: string, copy: Copy): Promise<void> {
  const asked = { params: { path: { id } }, headers: { "If-None-Match": copy.etag } };
  const { response } = await api.GET("/v1/articles/{id}", asked);
  console.log(`${response.status === 304 ? "UNCHANGED" : "CHANGED"} ${id}`);
}

// Asked at every start: a reader may have travelled.
async function isNoticeDue(): Promise<boolean> {
  const { data } = await api.GET("/v1/legal-notices", { params: { query: { language } } });
  return !data || data.legal_notices.length > 0;
}

await showList();
if (await isNoticeDue()) {
  await writeFile(file, JSON.stringify({ copies: {} }));
  console.log("KEPT 0");
} else {
  const kept = await opened();
  await follow(kept);
  const [newest] = Object.entries(kept.copies);
  if (newest) {
    await confirm(...newest);
    const { article } = newest[1]; // shown without a network
    console.log(`OFFLINE ${article.direction} ${article.headline} (${article.body?.length ?? 0} blocks)`);
  }
}
