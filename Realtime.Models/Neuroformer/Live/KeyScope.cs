using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>Which keys the rows of an attention see, and what their scores begin with.</summary>
internal sealed class KeyScope
{
    private KeyScope(int capacity, int rows, KernelSet kernels, bool isCausal)
    {
        (BaseRows, IsCausal, Keys) = (rows, isCausal, capacity);
        Bases = new AlignedFloats(checked((capacity + kernels.PanelWidth - 1) / kernels.PanelWidth * kernels.PanelWidth * rows));
    }

    /// <summary>Panels [BaseRows, panel width].</summary>
    public AlignedFloats Bases { get; }

    /// <summary>Rows of a panel: 1 where all rows see the same.</summary>
    public int BaseRows { get; }

    /// <summary>Whether a row sees itself and those before it.</summary>
    public bool IsCausal { get; }

    /// <summary>Keys that are seen, unless the scope is causal.</summary>
    public int Keys { get; set; }

    /// <summary>Every row sees the first <see cref="Keys"/> of up to <paramref name="capacity"/> keys.</summary>
    public static KeyScope All(int capacity, KernelSet kernels) => new(capacity, 1, kernels, isCausal: false);

    /// <summary>Row r sees keys 0 to r.</summary>
    public static KeyScope Causal(int length, KernelSet kernels)
    {
        var scope = new KeyScope(length, length, kernels, isCausal: true);
        var width = kernels.PanelWidth;
        for (var row = 0; row < length; row++)
        {
            for (var key = row + 1; key < length; key++) scope.Bases.Span[key / width * width * length + row * width + key % width] = float.NegativeInfinity;
        }

        return scope;
    }
}
