/// Who a caller is: `Principal`. A leaf; how a caller proves it is `api.access`.
@NullMarked
package dev.sallyport.api.identity;

import org.jspecify.annotations.NullMarked;
