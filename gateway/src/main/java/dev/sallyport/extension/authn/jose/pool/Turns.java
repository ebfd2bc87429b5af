package dev.sallyport.extension.authn.jose.pool;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.remote.Network;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/// Whose turn it is: one task of each network that has any, round and round.
@OffLoop("threads of the verification pool")
final class Turns {
    private final Queue<Task> arrived;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Network, ArrayDeque<Task>> waiting = new HashMap<>();
    private final ArrayDeque<Network> order = new ArrayDeque<>();

    /// Something to do for a network.
    record Task(Network network, Runnable work) {}

    /// @param arrived filled by others; emptied here
    Turns(Queue<Task> arrived) {
        this.arrived = arrived;
    }

    /// Runs the task whose turn it is; called as often as tasks were added to `arrived`, after each.
    void runNext() {
        next().work().run();
    }

    private Task next() {
        lock.lock();
        try {
            for (Task task = arrived.poll(); task != null; task = arrived.poll()) {
                ArrayDeque<Task> queue = waiting.get(task.network());
                if (queue == null) {
                    queue = new ArrayDeque<>();
                    waiting.put(task.network(), queue);
                    order.add(task.network());
                }
                queue.add(task);
            }
            Network network = order.remove();
            ArrayDeque<Task> queue = waiting.get(network);
            if (queue == null) {
                throw new IllegalStateException("a network without tasks");
            }
            Task task = queue.remove();
            if (queue.isEmpty()) {
                waiting.remove(network);
            } else {
                order.add(network);
            }
            return task;
        } finally {
            lock.unlock();
        }
    }
}
