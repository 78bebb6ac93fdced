namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    internal override void RotateRows(float* x, nint stride, int heads, int headDim, RotaryTable table, int* tableRows, int rows, bool back)
    {
        var width = table.Width;
        if (width == 0) return;
        float* cos = table.CosMemory.Pointer, sin = table.SinMemory.Pointer;
        for (var row = 0; row < rows; row++, x += stride)
        {
            var from = (nint)tableRows[row] * width;
            RotateRows(x, stride, 1, heads, headDim, cos + from, sin + from, width, back);
        }
    }
}
