using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Models.Baselines;
using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Models;

/// <summary>Turns a model file into the decoder it describes.</summary>
public static class ModelLoader
{
    private static readonly Dictionary<string, Func<ModelFile, DecoderOptions, IDecoder>> ByKind = new(StringComparer.Ordinal)
    {
        [WienerDecoder.Kind] = (file, _) => new WienerDecoder(file),
        [KalmanDecoder.Kind] = (file, _) => new KalmanDecoder(file),
        [BayesDecoder.Kind] = (file, _) => new BayesDecoder(file),
        [PoyoDecoder.Kind] = (file, options) => new PoyoDecoder(file, options),
        [PossmDecoder.Kind] = (file, options) => new PossmDecoder(file, options),
        [MtmKind.Name] = (file, _) => new MtmDecoder(file),
        [NeuroformerDecoder.Kind] = (file, options) => new NeuroformerDecoder(file, options),
    };

    /// <summary>The kinds of model this program knows.</summary>
    public static IReadOnlyCollection<string> Kinds => ByKind.Keys;

    /// <summary>Reads and checks a model file; all memory the decoder needs is taken here.</summary>
    /// <exception cref="ModelFormatException">The file is no model, is damaged, contradicts itself, or is of an unknown kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IDecoder Load(string path, DecoderOptions? options = null)
    {
        using var file = ModelFile.Read(path);
        return Create(file, options);
    }

    /// <inheritdoc cref="Load"/>
    /// <remarks>The decoder takes copies: the file may be disposed afterwards.</remarks>
    public static IDecoder Create(ModelFile file, DecoderOptions? options = null)
    {
        if (ByKind.TryGetValue(file.Config.Kind, out var create)) return create(file, options ?? new DecoderOptions());
        throw new ModelFormatException(file.Name, "config.kind",
            $"is '{file.Config.Kind}', which this program does not know{NearestName.Hint(file.Config.Kind, Kinds)}.",
            $"Known kinds: {string.Join(", ", Kinds)}. A newer program may know more.");
    }
}
