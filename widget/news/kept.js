// Where the conversation about the last answer is, as this browser keeps it.

const HALF_A_YEAR = 15552e6;

/** Unless it is known to be somebody else's: what one customer left is not shown to the next. */
export const kept_thread = ({ memory, visitor }) => {
  const thread = memory.read(":thread");
  const is_theirs = thread && (thread.visitor === undefined || thread.visitor === visitor());
  return is_theirs && Date.now() - thread.at < HALF_A_YEAR ? thread : undefined;
};

/** How much is new: a count, and all that a page learns without the secret. */
export const news = async ({ base, site }, { mailbox }, cache) => {
  const how = { credentials: "omit", referrerPolicy: "no-referrer", cache };
  return (await (await fetch(base + "/v1/sites/" + site + "/news/" + mailbox, how)).json()).news;
};
