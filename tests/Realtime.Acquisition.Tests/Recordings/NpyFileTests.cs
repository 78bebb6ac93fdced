using System.Text;
using Realtime.Acquisition.Recordings;

namespace Realtime.Tests.Recordings;

public sealed class NpyFileTests : IDisposable
{
    private const string GoodHeader = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n";

    // Reading a small or broken file takes the stream's buffer and one chunk, never what its header claims.
    private const long AllocationLimit = 1 << 20;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "pickled")]
    [InlineData("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }", "structured")]
    [InlineData("{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }", "'<c16'")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (12,), }", "'<f2'")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (24,), }", "'|b1'")]
    [InlineData("{'descr': '|f8', 'fortran_order': False, 'shape': (3,), }", "byte order")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", "32 bytes, but 24")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "16 bytes, but 24")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,), }", "at most")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 3), }", "at most")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "64 bits")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }", "axis length")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': 3, }", "'('")]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 1, 1), }", "Fortran")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,), }", "fortran_order")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, }", "no key 'shape'")]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", "twice")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}", "'x'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), } extra", "closing brace")]
    [InlineData("{'descr': '<f8", "never closes")]
    [InlineData("", "'{'")]
    public void A_header_that_cannot_be_read_is_refused_with_its_reason(string header, string said)
    {
        var error = Refused(Npy(header, new byte[24]));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_header_claim_is_held_against_the_file_before_memory_is_taken()
    {
        Refused(Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,), }", new byte[24]));
        var hugeHeader = Npy(GoodHeader, new byte[24], major: 2);
        hugeHeader[11] = 0x7F;
        Assert.Contains("claims", Refused(hugeHeader).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_at_any_length_is_refused()
    {
        for (byte major = 1; major <= 3; major++)
        {
            var whole = Npy(GoodHeader, new byte[24], major);
            for (var length = 0; length < whole.Length; length++) Refused(whole[..length]);
            Assert.Equal(3, Read(whole).Values.Length);
            Refused([.. whole, 0]);
        }
    }

    [Fact]
    public void A_header_with_any_byte_changed_reads_or_is_refused_but_never_fails_otherwise()
    {
        var whole = Npy(GoodHeader, new byte[24]);
        var refused = 0;
        for (var at = 0; at < whole.Length - 24; at++)
        {
            foreach (var value in new byte[] { 0, (byte)' ', (byte)'\'', (byte)'9', (byte)'(', (byte)'}', 0x7F, 0xFF })
            {
                var changed = (byte[])whole.Clone();
                changed[at] = value;
                try
                {
                    Assert.Equal(3, Read(changed).Values.Length);
                }
                catch (SessionFormatException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 300, 8 * (whole.Length - 24));
    }

    [Fact]
    public void Headers_as_others_write_them_are_read()
    {
        Assert.Equal(3, Read(Npy("{\"shape\":(3L,),\"fortran_order\":False,\"descr\":\"<f8\"}", new byte[24])).Values.Length);
        Assert.Equal([3L, 0L], Read(Npy("{'descr': '>f8', 'fortran_order': True, 'shape': (3, 0)}", [])).Shape);
        Assert.Empty(Read(Npy("{'descr': '<i2', 'fortran_order': False, 'shape': ()}", [7, 0])).Shape);
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_refused()
    {
        Directory.CreateDirectory(_temp.File("a.npy"));
        Assert.Throws<SessionFormatException>(() => NpyFile.Read<double>(_temp.File("a.npy")));
    }

    [Fact]
    public void What_is_written_reads_back_across_chunks()
    {
        var values = Enumerable.Range(0, 20_001).Select(i => (short)(i - 10_000)).ToArray();
        NpyFile.Write<short>(_temp.File("a.npy"), values, 3, 6667);
        var read = NpyFile.Read<short>(_temp.File("a.npy"));
        Assert.Equal(values, read.Values);
        Assert.Equal([3L, 6667L], read.Shape);
        Assert.Equal(0, read.Header.DataOffset % 64);
        Assert.Equal(values.Select(value => (double)value), NpyFile.Read<double>(_temp.File("a.npy")).Values);
        Assert.Throws<ArgumentException>(() => NpyFile.Write<short>(_temp.File("a.npy"), values, 3, 6666));
    }

    private static byte[] Npy(string header, byte[] data, byte major = 1)
    {
        var text = Encoding.Latin1.GetBytes(header);
        byte[] length = major == 1 ? [(byte)text.Length, (byte)(text.Length >> 8)] : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, major, 0, .. length, .. text, .. data];
    }

    private NpyArray<double> Read(byte[] bytes)
    {
        var path = _temp.File("case.npy");
        File.WriteAllBytes(path, bytes);
        return NpyFile.Read<double>(path);
    }

    private SessionFormatException Refused(byte[] bytes)
    {
        File.WriteAllBytes(_temp.File("case.npy"), bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SessionFormatException>(() => NpyFile.Read<double>(_temp.File("case.npy")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
        Assert.StartsWith(_temp.File("case.npy"), error.Message, StringComparison.Ordinal);
        return error;
    }
}
