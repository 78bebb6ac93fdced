using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>A linear map of the live form, with weights of either width. Immutable; any thread.</summary>
internal sealed class LiveMatrix
{
    private readonly KernelSet _kernels;
    private readonly PackedMatrix? _weight;
    private readonly PackedHalfMatrix? _half;

    /// <param name="map">The map.</param>
    /// <param name="half">Whether weights are rounded to bfloat16; sums stay float32.</param>
    /// <param name="kernels">Arithmetic.</param>
    public LiveMatrix(LinearWeights map, bool half, KernelSet kernels)
    {
        _kernels = kernels;
        (Inputs, Outputs) = (map.Inputs, map.Outputs);
        if (half) _half = kernels.PackHalf(map.Weight, Outputs, Inputs, map.Bias);
        else _weight = kernels.Pack(map.Weight, Outputs, Inputs, map.Bias);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>y = W x + b, or y += W x + b, for rows that lie without gaps.</summary>
    public void Multiply(ReadOnlySpan<float> x, int rows, Span<float> y, bool accumulate = false)
    {
        if (_half is not null) _kernels.Multiply(x, Inputs, rows, _half, y, Outputs, accumulate);
        else _kernels.Multiply(x, Inputs, rows, _weight!, y, Outputs, accumulate);
    }
}
