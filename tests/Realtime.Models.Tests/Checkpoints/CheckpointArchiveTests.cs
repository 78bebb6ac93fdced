using System.Buffers.Binary;
using System.IO.Compression;
using Realtime.Models.Checkpoints;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Files that are no checkpoint, or not one that can be read: each is told apart and answered with what to do.</summary>
public sealed class CheckpointArchiveTests
{
    private static readonly byte[] None = new TestPickle().Ops("N").Stop();

    [Fact]
    public void The_folder_may_have_any_name_and_a_byte_order()
    {
        Assert.Null(TestCheckpoint.Parse(TestCheckpoint.Files([("my model/data.pkl", None), ("my model/byteorder", "little"u8.ToArray()), ("my model/.data/serialization_id", [1])])).Root);
    }

    [Theory]
    [InlineData("notes on the rig", "does not begin as a zip")]
    [InlineData("", "does not begin as a zip")]
    [InlineData("PK", "cannot be read as a zip")]
    [InlineData("PK\u0003\u0004 and then nothing that makes sense", "cannot be read as a zip")]
    public void Other_files_are_refused(string text, string expected) =>
        Assert.Contains(expected, TestCheckpoint.Refused(System.Text.Encoding.Latin1.GetBytes(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_format_before_1_6_and_bare_pickles_are_told()
    {
        byte[] legacy = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.', 0x80, 0x02];
        var error = TestCheckpoint.Refused(legacy);
        Assert.Contains("before version 1.6", error.Message, StringComparison.Ordinal);
        Assert.Contains("torch.save(torch.load(", error.Next, StringComparison.Ordinal);
        Assert.Contains("bare pickle", TestCheckpoint.Refused(None).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_of_other_kinds_are_told()
    {
        Refused("TorchScript", ("m/data.pkl", None), ("m/constants.pkl", None));
        Refused("TorchScript", ("m/data.pkl", None), ("m/code/__torch__.py", None));
        Refused("big-endian", ("m/data.pkl", None), ("m/byteorder", "big"u8.ToArray()));
        Refused("unknown kind", ("m/data.pkl", None), ("m/byteorder", new byte[100]));
        Refused("without a data.pkl", ("m/weights.bin", None));
        Refused("without a data.pkl", ("data.pkl", None));
        Refused("2 files named data.pkl", ("a/data.pkl", None), ("b/data.pkl", None));
        Refused("stands twice", ("a/data.pkl", None), ("a/data.pkl", None));
    }

    [Fact]
    public void A_program_is_told_even_where_its_code_is_compressed() =>
        Assert.Contains("TorchScript", TestCheckpoint.Refused(TestCheckpoint.Files([("m/data.pkl", None), ("m/code/__torch__.py", new byte[1000])], CompressionLevel.SmallestSize)).Message, StringComparison.Ordinal);

    [Fact]
    public void Compressed_files_are_refused_before_they_are_unfolded()
    {
        var bomb = TestCheckpoint.Files([("a/data.pkl", None), ("a/data/0", new byte[50_000_000])], CompressionLevel.SmallestSize);
        Assert.InRange(bomb.Length, 0, 100_000);
        Assert.Contains("is compressed", TestCheckpoint.Refused(bomb).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_lie_over_each_other_are_refused()
    {
        // The directory says the second file where the first one is: a zip can so hold more than its size.
        var zip = TestCheckpoint.Files([("a/data/0", new byte[4000]), ("a/data/1", new byte[4000]), ("a/data.pkl", None)]);
        var short0 = zip[..30].Concat(zip[(30 + 8 + 4000)..]).ToArray();
        Assert.Throws<ModelFormatException>(() => TestCheckpoint.Parse(short0).Dispose());
        var entries = Enumerable.Range(0, 3).Select(i => Find(zip, "PK\u0001\u0002", i)).ToArray();
        foreach (var at in entries[..2])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + 20), 6000);
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + 24), 6000);
        }

        Assert.Contains("overlaps", TestCheckpoint.Refused(zip).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_is_counted()
    {
        var zip = TestCheckpoint.Zip(new TestPickle().Tensor("FloatStorage", "0", 100, 0, [100], [1]).Stop(), ("0", Enumerable.Repeat((byte)7, 400).ToArray()));
        var at = zip.AsSpan().IndexOf(Enumerable.Repeat((byte)7, 400).ToArray());
        Count(0);
        zip[at + 17] ^= 1;
        Count(1);

        void Count(int expected)
        {
            using var checkpoint = TestCheckpoint.Parse(zip);
            checkpoint.Bytes((CheckpointTensor)checkpoint.Root!, "t");
            Assert.Equal(expected, checkpoint.ChecksumsThatDiffer);
        }
    }

    [Fact]
    public void A_pickle_that_is_too_long_is_refused_unread() =>
        Refused("67108864 at most", ("a/data.pkl", new byte[(64 << 20) + 1]));

    [Fact]
    public void A_refused_file_is_let_go()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("checkpoint").FullName, "broken.ckpt");
        File.WriteAllText(path, "no checkpoint");
        Assert.Throws<ModelFormatException>(() => PyTorchCheckpoint.Read(path));
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static int Find(byte[] bytes, string mark, int which)
    {
        var pattern = System.Text.Encoding.Latin1.GetBytes(mark);
        var at = -1;
        for (; which >= 0; which--) at += 1 + bytes.AsSpan(at + 1).IndexOf(pattern);
        return at;
    }

    private static void Refused(string expected, params (string, byte[])[] files) =>
        Assert.Contains(expected, TestCheckpoint.Refused(TestCheckpoint.Files(files)).Message, StringComparison.Ordinal);
}
