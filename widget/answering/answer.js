// The customer's answer as it grows: one id, a revision that counts up. The first view and the leptos component both hold
// it, so that one takes over from the other in the middle of a word. What is not sent yet is kept for a day.
import { kept_thread } from "../news/kept.js";
import { page_address } from "./address.js";
import { send } from "./sending.js";

/** How long a keyboard may rest on a score before it is saved: arrow keys pass over the scores on the way. */
const REST = 600;

const hex = (bytes) => {
  let text = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) text += (256 + byte).toString(16).slice(1);
  return text;
};

/** A UUID version 7 (RFC 9562): 48 bits of time in milliseconds, then random bits. */
const new_id = () => {
  const time = ("00000000000" + Date.now().toString(16)).slice(-12);
  const random = hex(10);
  const variant = ((parseInt(random[3], 16) & 3) | 8).toString(16);
  return [time.slice(0, 8), time.slice(8), "7" + random.slice(0, 3), variant + random.slice(4, 7), random.slice(8)].join("-");
};

const time_zone = () => {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {}
};

/** `panel` gives the node in which it is shown. */
export const answer_of = (context, survey, panel) => {
  const { memory, options } = context;
  const kept = memory.draft(context.visitor());
  const usable = kept && Date.now() - kept.at < 864e5 && kept.id;
  const draft = usable
    ? { ...kept, closed: undefined, queued: undefined }
    : { id: new_id(), secret: hex(16), revision: 0, page: page_address(), lang: survey.lang, token: survey.token };
  let timer, waiting_score, over, keyed, typed_here;

  /** What is kept may be somebody else's, who is not here. */
  const is_kept = () => (memory.read(":draft") || {}).id === draft.id;

  // Words and scores that nobody has received, so that the next page can go on with them.
  const keep = () => {
    const half = draft.score !== undefined && draft.comment === undefined;
    draft.at = Date.now();
    draft.visitor = draft.visitor || context.visitor();
    const holds = !over && (half || draft.text || draft.more);
    if (holds || is_kept()) memory.write(":draft", holds ? draft : undefined);
  };

  /** The answer before this one, of the same customer: what was said then and now is one conversation. */
  const earlier = () => {
    const before = kept_thread(context);
    return before && before.secret && before.id !== draft.id ? before.id + "." + before.secret : draft.earlier;
  };
  /** Where somebody will answer. */
  const note_thread = ({ thread }) => {
    if (!thread) return;
    draft.earlier = earlier();
    const { id, secret } = draft;
    memory.write(":thread", { id, secret, mailbox: thread.mailbox, visitor: context.visitor(), at: Date.now() });
    memory.note({ talking: thread.is_open || undefined, heard_at: Date.now() });
  };
  /** By when somebody answers, as clocks show it where the customer is. */
  const told_by = (receipt, lang) => {
    if (receipt.by_when || !receipt.due_at || !survey.copy.by) return receipt.by_when;
    const due = new Date(receipt.due_at);
    const is_near = due - Date.now() < 864e5;
    const when = due.toLocaleString(lang, { weekday: "long", day: "numeric", month: "long", ...(is_near && { hour: "numeric", minute: "2-digit" }) });
    return survey.copy.by.replace("{when}", when);
  };

  const revision = (more) => ({
    id: draft.id,
    revision: ++draft.revision,
    score: draft.score,
    comment: draft.comment,
    ...more,
    contact: draft.contact,
    time_zone: time_zone(),
    earlier: earlier(),
    variant: survey.variant,
    visitor_proof: context.proof && context.proof(),
    page: draft.page,
    lang: draft.lang,
    visitor: context.visitor(),
    secret: draft.secret,
    token: draft.token,
    challenge: context.challenge(),
    automated: navigator.webdriver || undefined,
    test: "test" in options || undefined,
  });

  // Another tab may have begun or gone on meanwhile: one customer, one answer.
  const join_tabs = () => {
    const other = memory.draft(context.visitor());
    if (other && !draft.revision && other.revision && !other.closed && Date.now() - other.at < 864e5) {
      const { id, secret, token, page, lang } = other;
      Object.assign(draft, { id, secret, token, page, lang });
    }
    const { last } = memory.marks();
    if (last && last.id === draft.id) draft.revision = Math.max(draft.revision, last.revision);
  };

  /** Whether another tab, or a later page, has sent this very answer. */
  const is_sent_elsewhere = () => {
    const { sent } = memory.marks();
    return !!sent && sent.id === draft.id && sent.revision > draft.revision;
  };
  /** The words it has sent; nothing when they cannot be told. An older revision changes nothing, and is answered with what is stored. */
  const sent_elsewhere = async () => {
    if (!is_sent_elsewhere()) return "";
    const { response } = await send(context, revision());
    return response && (response.comment || "");
  };

  const save = async (more) => {
    clearTimeout(timer);
    waiting_score = undefined;
    join_tabs();
    const body = revision(more);
    memory.note({ last: { id: draft.id, revision: draft.revision } });
    keep();
    let told = await send(context, body);
    if (told.response && told.response.revision > draft.revision) {
      // A later one of another tab was there before.
      draft.revision = told.response.revision;
      told = await send(context, revision(more));
    }
    note_thread(told);
    const { acknowledgement } = told;
    if (acknowledgement) {
      // Who writes another language than the page's reads all of the widget in it from here on.
      if (acknowledgement.copy) survey.lang = acknowledgement.lang;
      Object.assign(survey.copy, acknowledgement.copy);
      // Told once, in the language of the widget's own words.
      acknowledgement.receipt.by_when = told_by(acknowledgement.receipt, survey.lang);
    }
    // The owner has archived the site, or taken this page off its list: nothing more to try.
    if (told.trouble === "over") {
      over = true;
      memory.note({ answered: Date.now() });
      keep();
    }
    return told;
  };

  /** Whether it goes out by itself once there is a network: then nothing of it is taken up again by the next page. */
  const queue = ({ trouble, unread }) => {
    const waits = !unread && (trouble === "failed" || trouble === "waiting");
    if (waits) {
      draft.queued = true;
      memory.note({ answered: Date.now() });
      keep();
    }
    return waits;
  };

  const answer = {
    draft,
    /** Whether something of the customer's would be lost with it. */
    begun: () => typed_here || !!draft.reply || (draft.score !== undefined && !is_sent_elsewhere()),

    /** Whether scores are chosen by keys from here on, which pass over some on the way. */
    by_key: (is) => (keyed = is),

    /** Chooses a score, and gives what came back, if anything. The first of a pointer is meant; others rest a moment. */
    choose: async (score) => {
      const first = draft.score === undefined;
      clearTimeout(timer);
      draft.score = waiting_score = score;
      memory.note({ left: Date.now() });
      keep();
      if (keyed || !first) {
        await new Promise((rest) => (timer = setTimeout(rest, REST)));
        if (waiting_score !== score) return {};
      }
      context.tell("scored", { score });
      return save();
    },

    /** What is typed: the comment, or the answer to a reply's question. */
    type: (text, is_more) => {
      draft[is_more ? "more" : "text"] = text || undefined;
      draft.queued = undefined;
      typed_here = true;
      // Who goes on to the words has found the score.
      answer.flush();
      keep();
    },

    /** Sends the comment; an empty one says that there is nothing to add. */
    send: async () => {
      const typed = () => (draft.text || "").trim();
      const before = draft.comment;
      const theirs = await sent_elsewhere();
      if (theirs === undefined) return { trouble: "failed" };
      // Neither takes the other's place.
      const joined = (own) => (!theirs || own.includes(theirs) ? own : theirs.includes(own) ? theirs : theirs + "\n\n" + own);
      let told, text, score;
      // Once more with what was typed or chosen meanwhile.
      do {
        [text, score] = [typed(), draft.score];
        draft.comment = joined(text);
        draft.queued = true;
        told = await save();
      } while (!told.trouble && (typed() !== text || draft.score !== score));
      if (!told.trouble) context.tell("answered", { score, reference: told.response.reference });
      if (told.trouble) {
        // What waits is as good as sent; what was refused is not.
        if (queue(told)) return told;
        draft.comment = before;
        draft.queued = undefined;
        keep();
        return told;
      }
      draft.text = draft.queued = undefined;
      memory.note({ answered: Date.now(), sent: { id: draft.id, revision: draft.revision } });
      answer.take(told);
      return told;
    },

    /** Sends the answer to the question of a reply: where to reach the customer, or words. */
    add: async (ask) => {
      const text = (draft.more || "").trim();
      if (!text) return {};
      const [before, comment] = [draft.contact, draft.comment || ""];
      if (ask === "contact") draft.contact = text;
      // A page that goes away now has left it to the next one.
      draft.queued = true;
      const told = await save({ follow_up: { ask, text } });
      if (told.trouble) {
        if (queue(told)) return told;
        if (ask === "contact") draft.contact = before;
        draft.queued = undefined;
        keep();
        return told;
      }
      if (ask !== "contact") draft.comment = comment ? comment + "\n\n" + text : text;
      draft.more = draft.queued = undefined;
      // One question is enough.
      told.acknowledgement.ask = null;
      answer.take(told);
      return told;
    },

    /** Keeps the reply beside the draft, for a page that takes it up again; the owner's own questions follow it. */
    take: ({ acknowledgement: { claims, questions, copy, ...reply } }) => {
      draft.reply = reply;
      keep();
      if (questions) import(context.base + "__QUESTIONS__").then(({ follow }) => follow(panel, context, survey, questions, save), () => {});
    },

    /** Who the customer is came after the answer. */
    identified: () => {
      if (draft.revision && context.visitor()) save();
    },

    /** Whether this is somebody else's: who they are was known, and is another now. */
    is_others: () => draft.visitor !== undefined && draft.visitor !== context.visitor(),

    /** Closed by the customer or the page. */
    close: () => {
      answer.flush();
      if (is_kept()) memory.write(":draft", { ...draft, at: Date.now(), closed: true });
    },

    /** Saves a score that still rests: the page goes away. */
    flush: () => {
      if (waiting_score !== undefined) save();
    },
  };
  return answer;
};
