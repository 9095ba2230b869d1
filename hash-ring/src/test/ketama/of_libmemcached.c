/* Says where libmemcached puts keys: of_libmemcached DIALECT < sets.txt > DIALECT.txt */
#include <libmemcached/memcached.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 30000, SHOWN = 300, SERVERS = 1000, NAME = 100 };

static const char *dialect;
static memcached_st *client;
static char names[SERVERS][NAME];
static int count;

/* Behaviors first, then the servers, as its bindings do. */
static void start(void) {
  client = memcached_create(NULL);
  count = 0;
  if (strcmp(dialect, "LIBMEMCACHED_WEIGHTED") == 0) {
    memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
    return;
  }
  if (strcmp(dialect, "LIBMEMCACHED_MD5") == 0) {
    memcached_behavior_set(client, MEMCACHED_BEHAVIOR_HASH, MEMCACHED_HASH_MD5);
  }
  memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA, 1);
}

static void add(char *line) {
  char host[NAME];
  unsigned port, weight;
  int words = sscanf(line, "%90s %u %u", host, &port, &weight);
  if (strchr(host, '/')) *strchr(host, '/') = 0;
  snprintf(names[count], NAME, "%.80s:%u", host, port);
  memcached_return_t rc = words == 3
      ? memcached_server_add_with_weight(client, host, (in_port_t) port, weight)
      : memcached_server_add(client, host, (in_port_t) port);
  if (rc != MEMCACHED_SUCCESS) exit(1);
  if (words == 3) printf("server %s %u\n", names[count], weight);
  else printf("server %s\n", names[count]);
  count++;
}

static int key(int i, char *text) {
  if (i % 3 == 0) return sprintf(text, "key-%d", i);
  if (i % 3 == 1) return sprintf(text, "user:%d:profile/of-a-person-with-a-long-name", i);
  return sprintf(text, "schl\xc3\xbcssel-%d", i);
}

static void finish(void) {
  uint64_t digest = 0xcbf29ce484222325u; /* FNV-1a */
  char text[NAME];
  int owners[SHOWN];
  for (int i = 0; i < KEYS; i++) {
    uint32_t owner = memcached_generate_hash(client, text, (size_t) key(i, text));
    if (i < SHOWN) owners[i] = (int) owner;
    for (const char *c = names[owner]; *c; c++) digest = (digest ^ (unsigned char) *c) * 0x100000001b3u;
    digest = (digest ^ '\n') * 0x100000001b3u;
  }
  printf("digest %016" PRIx64 "\nowners", digest);
  for (int i = 0; i < SHOWN; i++) printf(" %d", owners[i]);
  printf("\n");
  memcached_free(client);
}

int main(int argc, char **argv) {
  char line[200];
  if (argc != 2) return 2;
  dialect = argv[1];
  printf("# libmemcached %s, %s\n", memcached_lib_version(), dialect);
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "set ", 4) == 0) {
      if (client) finish();
      start();
      printf("%s", line);
    } else if (line[0] != '#') {
      add(line);
    }
  }
  finish();
  return 0;
}
