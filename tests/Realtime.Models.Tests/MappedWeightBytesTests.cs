using System.Security.Cryptography;
using Realtime.Models.Training;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests;

public sealed class MappedWeightBytesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mapped ü ").FullName;

    [Fact]
    public void Every_part_of_a_file_is_seen()
    {
        var bytes = new byte[100_003];
        new Random(1).NextBytes(bytes);
        using var map = new MappedWeightBytes(Write("a", bytes));
        Assert.Equal(bytes.Length, map.Length);
        Assert.True(bytes.AsSpan().SequenceEqual(map.Slice(0, bytes.Length)));
        foreach (var (offset, length) in new[] { (0, 1), (4095, 2), (4096, 4096), (65_535, 10), (100_002, 1), (100_003, 0) })
            Assert.True(bytes.AsSpan(offset, length).SequenceEqual(map.Slice(offset, length)), $"{offset}, {length}");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), WeightHash.Sha256(map));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 101)]
    [InlineData(100, 1)]
    [InlineData(1, -1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, int.MaxValue)]
    public void A_part_outside_is_refused(long offset, int length)
    {
        using var map = new MappedWeightBytes(Write("a", new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Slice(offset, length).Length);
    }

    [Fact]
    public void An_empty_file_has_nothing_and_is_no_model()
    {
        var path = Write("empty", []);
        using (var map = new MappedWeightBytes(path))
        {
            Assert.Equal(0, map.Length);
            Assert.Equal(0, map.Slice(0, 0).Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => map.Slice(0, 1).Length);
        }

        Assert.Contains("has 0 bytes", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => ModelFile.Read(path));
    }

    [Fact]
    public void A_closed_map_says_so_and_a_missing_file_too()
    {
        var map = new MappedWeightBytes(Write("a", new byte[10]));
        map.Dispose();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Slice(0, 1).Length);
        Assert.Throws<FileNotFoundException>(() => new MappedWeightBytes(Path.Combine(_folder, "none")));
        Assert.ThrowsAny<Exception>(() => new MappedWeightBytes(_folder));
    }

    [Fact]
    public void A_file_is_not_copied_before_its_tensors_are_asked_for()
    {
        const int large = 8_000_000;
        var path = Write("large", SafetensorsWriter.ToBytes([TensorData.Of("large", new float[large], large), TensorData.Of("small", [1f], 1)], new Dictionary<string, string>()));
        var bytes = AllocationGate.LeastBytes(() =>
        {
            using var file = SafetensorsFile.Read(path);
            Assert.Equal([1f], file.Floats("small"));
        });
        Assert.InRange(bytes, 0, 1_000_000);
    }

    [Fact]
    public void A_model_is_hashed_and_loaded_through_the_map_and_can_then_be_replaced()
    {
        var model = BaselineTrainer.Train("wiener", SyntheticSession.Make(units: 3, seconds: 20), new TrainingOptions { BinMs = 100, Lags = 1 });
        var path = Path.Combine(_folder, "a.rtmodel");
        model.Save(path);
        var decoder = ModelLoader.Load(path);
        Assert.Equal(model.File.Hash, decoder.Description.Hash);

        // With the map closed nothing holds the file: it can be opened alone, replaced and deleted.
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
        }

        var file = ModelFile.Read(path);
        file.Dispose();
        Assert.Equal(model.File.Hash, file.Hash);
        Assert.Equal("wiener", file.Config.Kind);
        Assert.Throws<ObjectDisposedException>(() => file.Tensors.Doubles("bias"));
        model.Save(path);
        File.Delete(path);
    }

    [Fact]
    public void A_refused_file_is_let_go()
    {
        var path = Write("broken", new byte[100]);
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Read(path));
        Assert.Throws<ModelFormatException>(() => ModelFile.Read(path));
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
