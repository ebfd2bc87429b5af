package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.AtomicFile;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.extension.authn.live.WatchedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// API keys in a YAML file. Changes by several processes at once are made one after the other, and one that is killed
/// leaves the file as it was before or after.
@OffLoop("virtual threads and commands")
public final class KeyFile implements KeyStore {
    private final Path file;
    private final WatchedFile watched;

    public KeyFile(Path file) {
        this.file = file;
        this.watched = new WatchedFile(file);
    }

    @Override
    public @Nullable Map<String, KeyRecord> poll() throws StoreException {
        byte[] octets = watched.readIfChanged();
        if (octets == null) {
            return null;
        }
        try {
            return KeyYaml.read(file.toString(), octets);
        } catch (StoreException e) {
            watched.forget();
            throw e;
        }
    }

    @Override
    public Map<String, KeyRecord> all() throws StoreException {
        try {
            return KeyYaml.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new StoreException(WatchedFile.reason(file, e), e);
        }
    }

    @Override
    public Map<String, KeyRecord> edit(Edit edit) throws StoreException {
        Map<String, KeyRecord> after = new TreeMap<>();
        try {
            AtomicFile.locked(file, () -> {
                after.putAll(edit.apply(Files.exists(file) ? all() : Map.of()));
                AtomicFile.write(file, KeyYaml.write(after));
            });
        } catch (IOException e) {
            throw new StoreException(WatchedFile.reason(file, e), e);
        }
        return after;
    }

    @Override
    public void forget() {
        watched.forget();
    }

    @Override
    public boolean init() throws StoreException {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return !Files.exists(file) && AtomicFile.create(file, KeyYaml.write(Map.of()));
        } catch (IOException e) {
            throw new StoreException(WatchedFile.reason(file, e), e);
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return file.toString();
    }
}
