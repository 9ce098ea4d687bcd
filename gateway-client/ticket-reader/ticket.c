/*
 * Reads exactly one form of each ticket: every byte is either fixed, or a value within its bounds. So there are no other lengths,
 * orders or labels to think about, and nothing is read twice.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ticket.h"

#include <string.h>

/* D2 84: a tagged COSE_Sign1, an array of four. 58 34: the protected header, 52 bytes. */
static const uint8_t START[] = {0xd2, 0x84, 0x58, 0x34};
/* {1: -7, 3: content type, 4: 8 bytes}, up to these bytes. */
static const uint8_t HEADER[] = "\xa3\x01\x26\x03\x78\x24"
                                "application/vnd.tracecal.ticket+cbor"
                                "\x04\x48";
/* An empty map, and a string whose length is one byte. */
static const uint8_t PAYLOAD[] = {0xa0, 0x58};
/* {1: 1, 2: ... */
static const uint8_t VERSION[] = {0xa6, 0x01, 0x01, 0x02};
static const uint8_t REGISTRY[] = {0x03, 0x50};
static const uint8_t VERDICT[] = {0x04, 0x58, 0x20};
static const uint8_t END[] = {0x05};
static const uint8_t COUNTER[] = {0x06};
static const uint8_t SIGNATURE[] = {0x58, 0x40};

/* What is signed (RFC 9052, 4.4) stands around these two parts: Sig_structure, "Signature1", no external data. */
static const uint8_t SIGNED[] = "\x84\x6a"
                                "Signature1";
#define HEADER_BYTES 52
#define MOST_PAYLOAD_BYTES 255
#define MOST_SIGNED_BYTES (sizeof SIGNED - 1 + 2 + HEADER_BYTES + 1 + 2 + MOST_PAYLOAD_BYTES)

#define FEWEST_DEVICE_BYTES 3
#define MOST_DEVICE_BYTES 128
/* 2^53 - 1: what every language holds exactly. */
#define MOST_NUMBER UINT64_C(9007199254740991)

/* Half of the order of P-256, rounded down: a higher s is refused, so that nobody can make a second form of a signature. */
static const uint8_t HALF_ORDER[] = {0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b,
                                     0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};

/* Where the reader stands. After the first thing that does not fit, nothing more is read. */
struct cursor {
  const uint8_t *at;
  size_t left;
  int failed;
};

/* The next bytes; NULL if there are too few. */
static const uint8_t *take(struct cursor *in, size_t count) {
  const uint8_t *taken = in->at;
  if (in->failed || in->left < count) {
    in->failed = 1;
    return NULL;
  }
  in->at += count;
  in->left -= count;
  return taken;
}

static void expect(struct cursor *in, const uint8_t *bytes, size_t count) {
  const uint8_t *found = take(in, count);
  if (found == NULL || memcmp(found, bytes, count) != 0) {
    in->failed = 1;
  }
}

static uint8_t take_byte(struct cursor *in) {
  const uint8_t *found = take(in, 1);
  return found == NULL ? 0 : *found;
}

/* A whole number from 1 on, in its shortest form. */
static uint64_t take_number(struct cursor *in) {
  static const uint64_t LOWEST[] = {24, UINT64_C(1) << 8, UINT64_C(1) << 16, UINT64_C(1) << 32};
  const uint8_t first = take_byte(in);
  uint64_t number = first;
  if (first >= 24) {
    const unsigned form = first - 24u;
    const uint8_t *found;
    size_t index;
    if (form > 3) { /* another type, or a length that is not stated */
      in->failed = 1;
      return 0;
    }
    found = take(in, (size_t)1 << form);
    if (found == NULL) {
      return 0;
    }
    for (number = 0, index = 0; index < (size_t)1 << form; index++) {
      number = number << 8 | found[index];
    }
    if (number < LOWEST[form]) {
      in->failed = 1;
    }
  }
  if (number < 1 || number > MOST_NUMBER) {
    in->failed = 1;
  }
  return number;
}

static int is_of_device(uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
         (byte != 0 && strchr("._:+/-", byte) != NULL);
}

static void take_device(struct cursor *in, struct ticket *ticket) {
  const uint8_t first = take_byte(in);
  size_t length = first & 0x1fu;
  size_t index;
  if (first == 0x78) {
    length = take_byte(in);
    in->failed |= length < 24; /* the shorter form has to be used */
  } else if (first < 0x60 || first > 0x77) {
    in->failed = 1;
  }
  if (length < FEWEST_DEVICE_BYTES || length > MOST_DEVICE_BYTES) {
    in->failed = 1;
  }
  ticket->device_length = length;
  ticket->device = take(in, length);
  for (index = 0; ticket->device != NULL && index < length; index++) {
    in->failed |= !is_of_device(ticket->device[index]);
  }
}

/* The parts of a ticket as they stand in it. */
struct parts {
  struct ticket ticket;
  const uint8_t *header;
  const uint8_t *payload;
  size_t payload_length;
  const uint8_t *signature;
};

/* Returns 1 if the bytes are a ticket. */
static int parse(const uint8_t *bytes, size_t length, struct parts *parts) {
  struct cursor in = {bytes, length, length > TICKET_MOST_BYTES};
  struct cursor header, payload;
  expect(&in, START, sizeof START);
  parts->header = take(&in, HEADER_BYTES);
  expect(&in, PAYLOAD, sizeof PAYLOAD);
  parts->payload_length = take_byte(&in);
  parts->payload = take(&in, parts->payload_length);
  expect(&in, SIGNATURE, sizeof SIGNATURE);
  parts->signature = take(&in, TICKET_SIGNATURE_BYTES);
  if (in.failed || in.left > 0) {
    return 0;
  }

  header.at = parts->header;
  header.left = HEADER_BYTES;
  header.failed = 0;
  expect(&header, HEADER, sizeof HEADER - 1);
  parts->ticket.key_id = take(&header, TICKET_KEY_ID_BYTES);

  payload.at = parts->payload;
  payload.left = parts->payload_length;
  payload.failed = 0;
  expect(&payload, VERSION, sizeof VERSION);
  take_device(&payload, &parts->ticket);
  expect(&payload, REGISTRY, sizeof REGISTRY);
  parts->ticket.registry = take(&payload, TICKET_REGISTRY_BYTES);
  expect(&payload, VERDICT, sizeof VERDICT);
  parts->ticket.verdict = take(&payload, TICKET_DIGEST_BYTES);
  expect(&payload, END, sizeof END);
  parts->ticket.end = take_number(&payload);
  expect(&payload, COUNTER, sizeof COUNTER);
  parts->ticket.counter = take_number(&payload);
  return !header.failed && header.left == 0 && !payload.failed && payload.left == 0;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t count) {
  memcpy(at, bytes, count);
  return at + count;
}

static int verifies(const struct parts *parts, const struct ticket_reader *reader) {
  uint8_t message[MOST_SIGNED_BYTES];
  uint8_t *at = put(message, SIGNED, sizeof SIGNED - 1);
  *at++ = 0x58;
  *at++ = HEADER_BYTES;
  at = put(at, parts->header, HEADER_BYTES);
  *at++ = 0x40;
  *at++ = 0x58;
  *at++ = (uint8_t)parts->payload_length;
  at = put(at, parts->payload, parts->payload_length);
  return memcmp(parts->signature + 32, HALF_ORDER, sizeof HALF_ORDER) <= 0 &&
         reader->verify(reader->context, reader->public_key, message, (size_t)(at - message), parts->signature) == 1;
}

enum ticket_answer ticket_check(const uint8_t *bytes, size_t length, const struct ticket_reader *reader,
                                struct ticket *found) {
  struct parts parts;
  const struct ticket *ticket = &parts.ticket;
  if (!parse(bytes, length, &parts)) {
    return TICKET_MALFORMED;
  }
  if (memcmp(ticket->key_id, reader->key_id, TICKET_KEY_ID_BYTES) != 0) {
    return TICKET_OTHER_KEY;
  }
  if (!verifies(&parts, reader)) {
    return TICKET_SIGNATURE;
  }
  if (ticket->device_length != strlen(reader->device) ||
      memcmp(ticket->device, reader->device, ticket->device_length) != 0) {
    return TICKET_OTHER_DEVICE;
  }
  if (memcmp(ticket->registry, reader->registry, TICKET_REGISTRY_BYTES) != 0) {
    return TICKET_OTHER_REGISTRY;
  }
  if (ticket->counter <= reader->last_counter) {
    return TICKET_REPLAYED;
  }
  if (reader->has_clock && reader->now >= ticket->end) {
    return TICKET_ENDED;
  }
  *found = *ticket;
  return TICKET_ACCEPTED;
}
