using Realtime.Models.Weights;

namespace Realtime.Models.Verification;

/// <summary>Beginnings of the names of reference tensors.</summary>
internal static class ReferencePrecision
{
    /// <summary>Everything was computed in double.</summary>
    public const string Double = "f64.";

    /// <summary>As upstream runs it.</summary>
    public const string Single = "f32.";

    /// <summary>The better references that a file has.</summary>
    /// <exception cref="ModelFormatException">It has neither.</exception>
    public static string Of(SafetensorsFile outputs)
    {
        foreach (var prefix in (string[])[Double, Single])
        {
            if (outputs.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))) return prefix;
        }

        throw new ModelFormatException(outputs.Name, "", "holds no tensors whose names begin with f64. or f32.", "Export the outputs of each stage under these names.");
    }
}
