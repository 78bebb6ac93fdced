using System.IO.Compression;
using System.Text;
using Realtime.Models.Checkpoints;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Puts pickles and storages into zips, and reads them.</summary>
internal static class TestCheckpoint
{
    public const string Name = "test.ckpt";

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Bytes)[] storages) =>
        Files([("archive/data.pkl", pickle), ("archive/version", "3\n"u8.ToArray()), .. storages.Select(storage => ($"archive/data/{storage.Key}", storage.Bytes))]);

    public static byte[] Files((string Name, byte[] Bytes)[] files, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    public static PyTorchCheckpoint Parse(byte[] bytes) => PyTorchCheckpoint.Parse(new MemoryStream(bytes), Name);

    /// <summary>The value that a pickle stands for.</summary>
    public static object? Value(byte[] pickle, params (string Key, byte[] Bytes)[] storages)
    {
        using var checkpoint = Parse(Zip(pickle, storages));
        return checkpoint.Root;
    }

    public static ModelFormatException Refused(byte[] bytes)
    {
        var error = Assert.Throws<ModelFormatException>(() => Parse(bytes).Dispose());
        Assert.StartsWith(Name, error.Message, StringComparison.Ordinal);
        return error;
    }

    public static ModelFormatException RefusedPickle(byte[] pickle, params (string Key, byte[] Bytes)[] storages) => Refused(Zip(pickle, storages));
}
