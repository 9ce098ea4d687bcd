/*
 * A reader of TraceCal's tickets for microcontrollers: docs/ticket.md.
 * No allocation, no CBOR library; the one signature is verified by a function that you bring.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TRACECAL_TICKET_H
#define TRACECAL_TICKET_H

#include <stddef.h>
#include <stdint.h>

#define TICKET_MOST_BYTES 512
#define TICKET_POINT_BYTES 65
#define TICKET_KEY_ID_BYTES 8
#define TICKET_REGISTRY_BYTES 16
#define TICKET_DIGEST_BYTES 32
#define TICKET_SIGNATURE_BYTES 64

/* The first that applies, in this order. */
enum ticket_answer {
  TICKET_ACCEPTED = 0,
  TICKET_MALFORMED = 1,
  TICKET_OTHER_KEY = 2,
  TICKET_SIGNATURE = 3,
  TICKET_OTHER_DEVICE = 4,
  TICKET_OTHER_REGISTRY = 5,
  TICKET_REPLAYED = 6,
  TICKET_ENDED = 7
};

/*
 * Verifies ECDSA on P-256 with SHA-256 over a message.
 * key: 04, x, y. signature: r and s, 32 bytes each, the highest byte first.
 * Returns 1 if it verifies; anything else means that it does not.
 */
typedef int (*ticket_verify)(void *context, const uint8_t *key, const uint8_t *message, size_t length,
                             const uint8_t *signature);

/* What the device knows: the first four are burnt in. */
struct ticket_reader {
  const uint8_t *public_key; /* of the gate, TICKET_POINT_BYTES */
  const uint8_t *key_id;     /* TICKET_KEY_ID_BYTES: tracecal gate ticket --json shows it */
  const uint8_t *registry;   /* TICKET_REGISTRY_BYTES, from there as well */
  const char *device;        /* the device's own id, ended by a zero byte */
  uint64_t last_counter;     /* the highest that was accepted; 0 before the first */
  int has_clock;
  uint64_t now; /* Unix seconds, if there is a clock */
  ticket_verify verify;
  void *context; /* for verify */
};

/* What a ticket says. The pointers lead into the bytes that were given. */
struct ticket {
  const uint8_t *key_id;
  const uint8_t *device; /* not ended by a zero byte */
  size_t device_length;
  const uint8_t *registry;
  const uint8_t *verdict; /* SHA-256 of the verdict */
  uint64_t end;
  uint64_t counter;
};

/*
 * Whether the ticket is accepted. If it is, store found->counter where it survives a loss of power, and only then act.
 * found is filled only if the ticket is accepted.
 */
enum ticket_answer ticket_check(const uint8_t *bytes, size_t length, const struct ticket_reader *reader,
                                struct ticket *found);

#endif
