using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Weights;

namespace Realtime.Models;

/// <summary>
/// One model in one file: a safetensors file whose <c>__metadata__</c> holds <c>format</c> = "rtdecode-model", <c>format_version</c> and
/// <c>config</c> (the JSON text of a <see cref="ModelConfig"/>). Immutable; any thread.
/// <para>A file from <see cref="Read"/> is seen through a memory map until <see cref="Dispose"/>: dispose it once its decoder has been made.
/// Name, hash and config stay readable, and the file can be replaced again (Windows refuses that while it is mapped).</para>
/// </summary>
public sealed class ModelFile : IDisposable
{
    /// <summary>Value of <c>__metadata__.format</c>.</summary>
    public const string Format = "rtdecode-model";

    /// <summary>The version that is written; older ones down to 1 are read.</summary>
    public const int FormatVersion = 1;

    /// <summary>Extension of model files.</summary>
    public const string Extension = ".rtmodel";

    private ModelFile(string name, string hash, ModelConfig config, SafetensorsFile tensors)
    {
        Name = name;
        Hash = hash;
        Config = config;
        Tensors = tensors;
    }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>Lower-case hexadecimal SHA-256 of the file's bytes.</summary>
    public string Hash { get; }

    public ModelConfig Config { get; }

    public SafetensorsFile Tensors { get; }

    /// <summary>Maps a model file, checks it and takes its hash; the weights are not copied before a decoder asks for them.</summary>
    /// <exception cref="ModelFormatException">The file is no model file, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelFile Read(string path)
    {
        var bytes = new MappedWeightBytes(path);
        try
        {
            return Parse(bytes, path);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <param name="bytes">The whole file; must not change afterwards.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="ModelFormatException">The bytes are no model file, or are damaged.</exception>
    public static ModelFile Parse(byte[] bytes, string name) => Parse(new ArrayWeightBytes(bytes), name);

    private static ModelFile Parse(IWeightBytes bytes, string name)
    {
        var tensors = SafetensorsFile.Parse(bytes, name);
        if (!tensors.Metadata.TryGetValue("format", out var format) || format != Format)
        {
            throw new ModelFormatException(name, "__metadata__.format", $"is '{format ?? "missing"}'; '{Format}' is due.",
                "This is a file of weights, but not a model of this program: choose one that 'train' wrote.");
        }

        var version = tensors.Metadata.GetValueOrDefault("format_version", "missing");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > FormatVersion)
        {
            throw new ModelFormatException(name, "__metadata__.format_version", $"is {version}; this program reads 1 to {FormatVersion}.",
                "Use a newer program, or fit the model again with this one.");
        }

        if (!tensors.Metadata.TryGetValue("config", out var json))
            throw new ModelFormatException(name, "__metadata__.config", "is missing.", "Fit the model again.");
        return new ModelFile(name, WeightHash.Sha256(bytes), ModelConfigJson.Read(json, name), tensors);
    }

    /// <summary>Closes the memory map, where there is one; the tensors are gone, everything else stays readable.</summary>
    public void Dispose() => Tensors.Dispose();

    /// <summary>The bytes of a model file; the same model gives the same bytes, and so the same hash.</summary>
    public static byte[] ToBytes(ModelConfig config, IEnumerable<TensorData> tensors) =>
        SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["format_version"] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            ["config"] = ModelConfigJson.Write(config),
        });

    /// <summary>The bytes of the same model with another judgement of its fitness for live use.</summary>
    public byte[] WithFitness(LiveFitness fitness) => ToBytes(
        Config with { Training = Config.Training with { Fitness = fitness } },
        Tensors.Tensors.Values.Select(tensor => new TensorData(tensor.Name, tensor.Type, tensor.Shape, Tensors.Bytes(tensor.Name).ToArray())));

    /// <summary>Writes a model file in one step: a reader sees the old file or the new one, never a part.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);

        // Beside the target, because a move is only one step within a volume.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.part");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A floating point tensor of a shape the config asks for, with every number finite.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds NaN or infinity.</exception>
    public double[] Doubles(string tensor, params ReadOnlySpan<long> shape)
    {
        var info = Tensors.Info(tensor);
        if (!shape.SequenceEqual(info.Shape.ToArray()))
        {
            throw new ModelFormatException(Name, tensor,
                $"has shape {info.ShapeText}, but the config asks for {TensorShape.Text(shape.ToArray())}.",
                "The tensors and the config are not of one model; fit it again.");
        }

        var values = Tensors.Doubles(tensor);
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ModelFormatException(Name, tensor,
                    $"holds {values[i].ToString(CultureInfo.InvariantCulture)} at index {i}; all numbers must be finite.",
                    "Fit the model again.");
        }

        return values;
    }

    /// <summary>What every decoder of this file says about itself.</summary>
    internal DecoderDescription Describe(long hopNs) => new()
    {
        Name = Config.Kind,
        Hash = Hash,
        Units = new UnitTable(Config.Units),
        Outputs = Config.Outputs,
        WindowNs = Config.BinNs * Config.Lags,
        HopNs = hopNs,
        TargetNs = Config.TargetNs,
    };
}
