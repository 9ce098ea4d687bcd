export { checkTicket, TICKET_REFUSALS, type TicketAnswer, type TicketReader, type TicketRefusal } from './check.js';
export { TicketCounter } from './counter.js';
export { readTicket, type ReadTicket } from './decode.js';
export { ticketBytes, unsignedTicket, type UnsignedTicket } from './encode.js';
export { MOST_TICKET_BYTES, shortRegistry, TICKET_CONTENT_TYPE, ticketKeyId, type Ticket } from './format.js';
export { issueTicket, type Issued, type IssuedTicket, type TicketAsked, type TicketOptions } from './issue.js';
