/** Origin and path only: queries and fragments hold tokens and names that are nobody's business. */
export const page_address = () => {
  const { protocol, host, pathname } = location;
  return (protocol + "//" + host + pathname).slice(0, 2e3);
};
