using System.IO.Compression;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// The zip around a checkpoint: one folder with data.pkl and data/KEY, all stored without compression. Sizes and places come from the
/// central directory, as local headers carry zeros. One thread at a time.
/// </summary>
internal sealed class CheckpointArchive : IDisposable
{
    private const string PickleName = "data.pkl";

    // The number that torch.save writes first in its old format: PROTO 2, then LONG1 of ten bytes.
    private static ReadOnlySpan<byte> LegacyMagic => [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    private readonly string _file;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <param name="stream">Seekable; belongs to the archive from now on.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="ModelFormatException">The bytes are no checkpoint that can be read; says which kind of file it is where it can.</exception>
    public CheckpointArchive(Stream stream, string file)
    {
        _file = file;
        try
        {
            RefuseOtherFormats(stream);
            _zip = Guard(() => new ZipArchive(stream, ZipArchiveMode.Read));
            Guard(List);
            _folder = FindFolder();
            RefusePrograms();
            CheckSizes(stream.Length);
            RefuseBigEndian();
        }
        catch
        {
            _zip?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Files whose CRC-32 was not the one that the zip states, among those read so far.</summary>
    public int ChecksumsThatDiffer { get; private set; }

    /// <summary>The pickle.</summary>
    public byte[] Pickle()
    {
        var entry = _entries[_folder + PickleName];
        if (entry.Length > CheckpointLimits.MaxPickleBytes)
            throw Wrong(PickleName, $"has {entry.Length} bytes; {CheckpointLimits.MaxPickleBytes} at most are read.", CheckpointAdvice.SaveStateDict);
        return Read(entry);
    }

    /// <summary>Bytes of a storage, or -1 where the archive has none of that key.</summary>
    public long StorageLength(string key) => _entries.TryGetValue($"{_folder}data/{key}", out var entry) ? entry.Length : -1;

    /// <summary>A storage whole.</summary>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    public byte[] Storage(string key) => Read(_entries[$"{_folder}data/{key}"]);

    public void Dispose() => _zip.Dispose();

    private void RefuseOtherFormats(Stream stream)
    {
        Span<byte> start = stackalloc byte[16];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (start.StartsWith(LegacyMagic))
            throw Wrong("", "is a checkpoint in the format that PyTorch wrote before version 1.6, which is not read.", CheckpointAdvice.SaveAsZip);
        if (start.Length > 1 && start[0] == 0x80 && start[1] < 6)
            throw Wrong("", "is a bare pickle, not a checkpoint that torch.save wrote.", CheckpointAdvice.SaveAsZip);
        if (!start.StartsWith("PK"u8))
            throw Wrong("", "is no PyTorch checkpoint: it does not begin as a zip file.", "Choose the .ckpt, .pt or .pth file that torch.save or Lightning wrote.");
    }

    private void List()
    {
        foreach (var entry in _zip.Entries)
        {
            if (_entries.Count == CheckpointLimits.MaxEntries)
                throw Wrong("", $"holds more than {CheckpointLimits.MaxEntries} files.", "This is no checkpoint of a model.");
            if (!_entries.TryAdd(entry.FullName, entry)) throw Wrong(entry.FullName, "stands twice in the zip.", CheckpointAdvice.CopyAgain);
        }
    }

    /// <summary>Stored files are as long inside as outside, so nothing can grow on reading; and together they fit the file.</summary>
    private void CheckSizes(long fileLength)
    {
        long total = 0;
        foreach (var entry in _entries.Values)
        {
            if (entry.CompressedLength != entry.Length)
                throw Wrong(entry.FullName, "is compressed, which torch.save never does.", "Use the file as it was written, not zipped again.");
            if (entry.IsEncrypted) throw Wrong(entry.FullName, "is encrypted.", "Use the file as torch.save wrote it.");
            if (entry.Length < 0 || entry.Length > fileLength - total)
                throw Wrong(entry.FullName, "overlaps other parts of the zip, or ends behind it.", CheckpointAdvice.CopyAgain);
            total += entry.Length;
        }
    }

    private string FindFolder()
    {
        var pickles = _entries.Keys.Where(name => name.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToArray();
        if (pickles.Length == 1) return pickles[0][..^PickleName.Length];
        throw Wrong("", pickles.Length == 0 ? "is a zip file without a data.pkl, so no checkpoint." : $"holds {pickles.Length} files named data.pkl; a checkpoint has one.",
            "Choose the .ckpt, .pt or .pth file that torch.save or Lightning wrote.");
    }

    private void RefusePrograms()
    {
        if (_entries.ContainsKey(_folder + "constants.pkl") || _entries.Keys.Any(name => name.StartsWith(_folder + "code/", StringComparison.Ordinal)))
            throw Wrong("", "is a TorchScript archive.", CheckpointAdvice.SaveFromModule);
    }

    private void RefuseBigEndian()
    {
        if (!_entries.TryGetValue(_folder + "byteorder", out var entry)) return;
        const int longest = 16;
        var order = entry.Length > longest ? "of an unknown kind" : System.Text.Encoding.ASCII.GetString(Read(entry)).Trim();
        if (order != "little")
            throw Wrong(entry.FullName, $"says that the numbers are {order}-endian; only little-endian ones are read.",
                "Save the state dict again on an ordinary PC (x86-64 or ARM).");
    }

    private byte[] Read(ZipArchiveEntry entry)
    {
        if (entry.Length > Array.MaxLength) throw Wrong(entry.FullName, $"has {entry.Length} bytes, more than one array holds.", "Split the tensor.");
        var bytes = new byte[entry.Length];
        Guard(() =>
        {
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
        });
        if (Crc32.Of(bytes) != entry.Crc32) ChecksumsThatDiffer++;
        return bytes;
    }

    private void Guard(Action read) => Guard(() =>
    {
        read();
        return true;
    });

    /// <summary>NB: beside InvalidDataException the zip reader lets these out for some damaged files.</summary>
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new ModelFormatException(_file, "", $"cannot be read as a zip file ({error.Message.TrimEnd('.')}).", CheckpointAdvice.CopyAgain, error);
        }
    }

    private ModelFormatException Wrong(string key, string what, string next) => new(_file, key, what, next);
}
