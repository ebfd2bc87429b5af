/// One word for each of very many keys, shared by all loops without locks and bounded whatever callers send. Begin
/// with `SlotTable`; `Words` says what the words mean. Limits and conduct count in it. A leaf.
@NullMarked
package dev.sallyport.api.table;

import org.jspecify.annotations.NullMarked;
