/** Snapshots, backups and what is made of them, with files and real threads. */
@NullMarked
package io.quorate.examples.backup;

import org.jspecify.annotations.NullMarked;
