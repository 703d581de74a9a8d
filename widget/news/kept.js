// Where the conversation about the last answer is, as this browser keeps it.

const HALF_A_YEAR = 15552e6;

/**
 * Unless it is known to be somebody else's: what one customer left is not shown to the next. What was found by the owner's
 * word alone is kept without a secret, and is there for as long as the page brings that word.
 */
export const kept_thread = ({ memory, visitor, proof }) => {
  const thread = memory.read(":thread");
  const is_theirs = thread && (thread.visitor === undefined || thread.visitor === visitor()) && (thread.secret || proof());
  return is_theirs && Date.now() - thread.at < HALF_A_YEAR ? thread : undefined;
};

/** What opens it: the secret of this browser, or that the owner's server vouches for the visitor. */
export const key_to = ({ secret, id }, { visitor, proof }) => {
  if (secret) return id + "." + secret;
  let digits = "";
  for (const byte of new TextEncoder().encode(visitor())) digits += (256 + byte).toString(16).slice(1);
  return "visitor." + proof() + "." + digits;
};

/** How much is new: a count, and all that a page learns without the secret. */
export const news = async ({ base, site }, { mailbox }, cache) => {
  const how = { credentials: "omit", referrerPolicy: "no-referrer", cache };
  return (await (await fetch(base + "/v1/sites/" + site + "/news/" + mailbox, how)).json()).news;
};
