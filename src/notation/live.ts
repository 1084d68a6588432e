/** The subprotocol of screens that acknowledge each state of `/live`, and the message by which they do. */
export const received = "received";
