namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs, ReadOnlySpan<float> bias)
    {
        Need(weight.Length == (long)outputs * inputs, "The weight is not [outputs, inputs].");
        Need(bias.Length == 0 || bias.Length == outputs, "The bias is not [outputs].");
        var packed = new PackedMatrix(outputs, inputs, PanelWidth);
        var panels = packed.Weights.Span;
        for (var output = 0; output < outputs; output++)
        {
            var panel = output / PanelWidth * inputs * PanelWidth + output % PanelWidth;
            for (var input = 0; input < inputs; input++) panels[panel + input * PanelWidth] = weight[output * inputs + input];
        }

        bias.CopyTo(packed.Bias.Span);
        return packed;
    }

    public override void Multiply(ReadOnlySpan<float> a, int aStride, int rows, PackedMatrix weight, Span<float> c, int cStride, bool accumulate)
    {
        var (inputs, outputs) = (weight.Inputs, weight.Outputs);
        Need(weight.PanelWidth == PanelWidth, "The matrix was packed by another set of kernels.");
        Need(rows >= 0 && aStride >= inputs && cStride >= outputs, "A stride is shorter than its row.");
        if (rows == 0) return;
        Need(a.Length >= (rows - 1L) * aStride + inputs && c.Length >= (rows - 1L) * cStride + outputs, "A matrix is shorter than its rows.");
        fixed (float* pa = a, pc = c)
        {
            for (var panel = 0; panel < weight.Panels; panel++)
            {
                var first = panel * PanelWidth;
                Panel(pa, aStride, 1, rows, inputs, weight.Weights.Pointer + (long)first * inputs, PanelWidth, weight.Bias.Pointer + first, pc + first, cStride, Math.Min(PanelWidth, outputs - first), accumulate);
            }
        }
    }

    /// <summary>One panel of columns of C = A B (+ C) (+ bias), for all rows of A.</summary>
    /// <param name="a">Element (r, k) lies at r × aRow + k × aStep.</param>
    /// <param name="aRow">Distance of rows of A.</param>
    /// <param name="aStep">Distance along k in A.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="b">Element (k, n) lies at k × bStep + n; a whole panel's width is read.</param>
    /// <param name="bStep">Distance along k in B.</param>
    /// <param name="bias">A panel's width of numbers, or null.</param>
    /// <param name="c">Output.</param>
    /// <param name="cRow">Distance of rows of C.</param>
    /// <param name="columns">Columns to write.</param>
    /// <param name="accumulate">Add to C.</param>
    private static void Panel(float* a, nint aRow, nint aStep, int rows, int depth, float* b, nint bStep, float* bias, float* c, nint cRow, int columns, bool accumulate)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (nint k = 0; k < depth; k++) sum = MathF.FusedMultiplyAdd(a[row * aRow + k * aStep], b[k * bStep + column], sum);
                if (bias is not null) sum += bias[column];
                c[row * cRow + column] = accumulate ? c[row * cRow + column] + sum : sum;
            }
        }
    }
}
