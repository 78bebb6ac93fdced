using System.Security.Cryptography;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests;

public sealed class ModelFileTests
{
    private static readonly Session Data = SyntheticSession.Make(units: 4, seconds: 20);

    [Theory]
    [InlineData("wiener")]
    [InlineData("kalman")]
    [InlineData("bayes")]
    public void A_saved_model_decodes_as_the_fitted_one_and_is_named_by_its_bytes(string kind)
    {
        var model = Train(kind);
        var path = Path.Combine(Directory.CreateTempSubdirectory("modèle mit Leerzeichen ").FullName, "a b.rtmodel");
        model.Save(path);
        model.Save(path);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        var loaded = ModelLoader.Load(path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), loaded.Description.Hash);
        Assert.Equal(model.Decoder.Description.Hash, loaded.Description.Hash);
        Assert.Equal(kind, loaded.Description.Name);
        Assert.Equal(Data.Units.Units, loaded.Description.Units.Units);
        Assert.Equal(kind == "kalman" ? 100_000_000 : 0, loaded.Description.HopNs);
        Assert.Equal(Answers(model.Decoder), Answers(loaded));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Fitting_twice_gives_the_same_bytes() => Assert.Equal(Train("wiener").File.Hash, Train("wiener").File.Hash);

    [Fact]
    public void Provenance_is_kept()
    {
        var training = Train("wiener").File.Config.Training;
        Assert.Equal("synthetic", training.Session);
        Assert.Equal([0.0, 12.0], training.Train[0]);
        Assert.Equal("a note", training.Note);
        Assert.Equal(7, training.Seed);
        Assert.Contains(training.Penalty!.Value, new double[] { 1, 100 });
        Assert.NotNull(training.ValidationScore);
        Assert.NotEqual("", training.ProgramVersion);
    }

    [Theory]
    [InlineData("\"kind\":\"wiener\"", "\"kind\":\"weiner\"", "the nearest is 'wiener'")]
    [InlineData("\"kind\":", "\"knid\":", "config")]
    [InlineData("\"bin_ns\":100000000", "\"bin_ns\":0", "config.bin_ns")]
    [InlineData("\"bin_ns\":100000000", "\"bin_ns\":\"100\"", "config.bin_ns")]
    [InlineData("\"lags\":2", "\"lags\":2147483647", "config.lags")]
    [InlineData("\"lags\":2", "\"lags\":3", "shape")]
    [InlineData("\"target_ns\":100000000", "\"target_ns\":-1", "config.target_ns")]
    [InlineData("\"electrode\":\"Electrode 2\"", "\"electrode\":\"Electrode 1\"", "names a unit twice")]
    [InlineData("\"electrode\":\"Electrode 2\"", "\"electrode\":null", "config")]
    [InlineData("\"electrode\":\"Electrode 2\",", "", "config.units[1]")]
    [InlineData("{\"stream\":\"probe\",\"electrode\":\"Electrode 2\",\"sorted_id\":1},", "", "but the config asks for [2, 2, 3]")]
    [InlineData("\"outputs\":[", "\"outputs\":[{\"name\":\"extra\",\"unit\":\"cm\"},", "config.training.target_mean")]
    [InlineData("\"outputs\":", "\"output\":", "config")]
    public void A_config_that_is_wrong_is_refused_with_its_key(string from, string to, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() =>
            ModelLoader.Create(Parse(Rewrite(Train("wiener"), config => Replaced(config, from, to)))));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.rtmodel", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format", "rtdecode-weights", "'rtdecode-model' is due")]
    [InlineData("format", null, "missing")]
    [InlineData("format_version", "2", "this program reads 1 to 1")]
    [InlineData("format_version", "one", "this program reads 1 to 1")]
    [InlineData("config", null, "is missing")]
    [InlineData("config", "null", "cannot be read")]
    [InlineData("config", "{", "cannot be read")]
    public void Metadata_that_is_wrong_is_refused(string key, string? value, string expected)
    {
        var file = Train("wiener").File;
        var metadata = new Dictionary<string, string>(file.Tensors.Metadata);
        if (value is null) metadata.Remove(key);
        else metadata[key] = value;
        var bytes = SafetensorsWriter.ToBytes(Tensors(file), metadata);
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Parse(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wiener", "weight", double.NaN)]
    [InlineData("wiener", "bias", double.PositiveInfinity)]
    [InlineData("wiener", "feature_sd", 0.0)]
    [InlineData("kalman", "transition", double.NaN)]
    [InlineData("kalman", "projection", double.NegativeInfinity)]
    [InlineData("bayes", "log_rate", double.NegativeInfinity)]
    [InlineData("bayes", "log_prior", double.NaN)]
    public void A_number_that_is_not_usable_is_refused(string kind, string tensor, double value)
    {
        var file = Train(kind).File;
        var tensors = Tensors(file)
            .Select(data => data.Name != tensor ? data
            : TensorData.Of(tensor, [.. file.Tensors.Doubles(tensor)[..^1], value], [.. data.Shape]));
        var error = Assert.Throws<ModelFormatException>(() => ModelLoader.Create(Parse(ModelFile.ToBytes(file.Config, tensors))));
        Assert.Equal(tensor, error.Key);
    }

    [Theory]
    [InlineData("wiener")]
    [InlineData("kalman")]
    [InlineData("bayes")]
    public void A_missing_or_misshapen_tensor_is_refused(string kind)
    {
        var file = Train(kind).File;
        foreach (var victim in Tensors(file))
        {
            var without = ModelFile.ToBytes(file.Config, Tensors(file).Where(data => data.Name != victim.Name));
            Assert.Equal(victim.Name, Assert.Throws<ModelFormatException>(() => ModelLoader.Create(Parse(without))).Key);
            var flat = ModelFile.ToBytes(file.Config, Tensors(file)
                .Select(data => data.Name != victim.Name ? data : new TensorData(data.Name, data.Type, [1, .. data.Shape], data.Bytes)));
            Assert.Throws<ModelFormatException>(() => ModelLoader.Create(Parse(flat)));
        }
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        var bytes = Bytes(Train("wiener"));
        for (var length = 0; length < bytes.Length; length += length < 64 ? 1 : 37)
        {
            var cut = bytes[..length];
            Assert.Throws<ModelFormatException>(() => ModelLoader.Create(Parse(cut)));
        }
    }

    [Theory]
    [InlineData("wiener")]
    [InlineData("kalman")]
    [InlineData("bayes")]
    public void A_damaged_file_is_refused_or_loads_and_nothing_else_happens(string kind)
    {
        var bytes = Bytes(Train(kind));
        var random = new Random(11);
        var refused = 0;
        for (var round = 0; round < 1500; round++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(Math.Min(damaged.Length, 2500))] = (byte)random.Next(256);
            try
            {
                var decoder = ModelLoader.Create(Parse(damaged));
                decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, [0], [0]), new float[decoder.Description.Outputs.Count]);
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 1500);
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_no_litter()
    {
        var folder = Directory.CreateTempSubdirectory("rtmodel").FullName;
        var path = Path.Combine(folder, "model.rtmodel");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => Train("wiener").Save(path));
        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    private static TrainedModel Train(string kind) => BaselineTrainer.Train(kind, Data, new TrainingOptions
    {
        BinMs = 100,
        Lags = 2,
        Penalties = [1, 100],
        Outputs = ["x", "y"],
        Seed = 7,
        Note = "a note",
        Kalman = new KalmanOptions { LagBins = [1] },
        Bayes = new BayesOptions { Cells = 4 },
    });

    private static ModelFile Parse(byte[] bytes) => ModelFile.Parse(bytes, "test.rtmodel");

    private static TensorData[] Tensors(ModelFile file) =>
        file.Tensors.Tensors.Values.Select(info =>
            new TensorData(info.Name, info.Type, info.Shape, file.Tensors.Bytes(info.Name).ToArray())).ToArray();

    private static byte[] Bytes(TrainedModel model) => SafetensorsWriter.ToBytes(Tensors(model.File), model.File.Tensors.Metadata);

    private static byte[] Rewrite(TrainedModel model, Func<string, string> change)
    {
        var metadata = new Dictionary<string, string>(model.File.Tensors.Metadata);
        metadata["config"] = change(metadata["config"]);
        return SafetensorsWriter.ToBytes(Tensors(model.File), metadata);
    }

    private static string Replaced(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        return text.Replace(from, to, StringComparison.Ordinal);
    }

    private static float[] Answers(IDecoder decoder)
    {
        decoder.Reset();
        var values = new float[2];
        var answers = new List<float>();
        for (var tick = 3; tick < 40; tick++)
        {
            var end = tick * 100_000_000L;
            decoder.Decode(new SpikeWindow(end - decoder.Description.WindowNs, end, [end - 150_000_000, end - 50_000_000, end - 1],
                [tick % 4, 1, 0]), values);
            answers.AddRange(values);
        }

        return [.. answers];
    }
}
