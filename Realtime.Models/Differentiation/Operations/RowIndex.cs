using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation.Operations;

/// <summary>Reading rows by index, and adding their gradients back in the order of the index.</summary>
internal static unsafe class RowIndex
{
    /// <exception cref="ArgumentException">A row is not there.</exception>
    public static void Check(ReadOnlySpan<int> rows, int count, string what)
    {
        foreach (var row in rows)
            if ((uint)row >= (uint)count) throw new ArgumentException($"Row {row} is outside {what} of {count} rows.", nameof(rows));
    }

    public static void Gather(float* from, int width, ReadOnlySpan<int> rows, float* to)
    {
        foreach (var row in rows)
        {
            new ReadOnlySpan<float>(from + (nint)row * width, width).CopyTo(new Span<float>(to, width));
            to += width;
        }
    }

    /// <param name="kernels">Arithmetic.</param>
    /// <param name="result">What was gathered.</param>
    /// <param name="rows">From where.</param>
    /// <param name="skipped">A row that gets nothing, or -1.</param>
    /// <param name="gradient">Of what was gathered from.</param>
    public static void Scatter(KernelSet kernels, Variable result, ReadOnlySpan<int> rows, int skipped, float* gradient)
    {
        var flow = result.Flow;
        foreach (var row in rows)
        {
            if (row != skipped) kernels.AddTo(gradient + (nint)row * result.Width, flow, result.Width);
            flow += result.Width;
        }
    }
}
